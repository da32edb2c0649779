// Vercel's edge runtime, of Next.js: it compiles no bytes at run time, and its bundlers compile what `?module` imports.

import extra from "wasm-extra-module";
import wasm from "wasm-module";
import { setLocations } from "./load.js";

setLocations({ fallback: async () => wasm }, { fallback: async () => extra });

export * from "./public.js";
