// Vercel's edge runtime, of Next.js: it compiles no bytes at run time, and its bundlers compile what `?module` imports.
import wasm from "wasm-module";
import { loader } from "./load.js";

loader.setLocation({ fallback: async () => wasm });

export * from "./public.js";
