// Entry for Vercel's edge runtime (Next.js). It cannot compile bytes at run time; bundlers compile `?module` imports.

import batch from "wasm-batch-module";
import extra from "wasm-extra-module";
import wasm from "wasm-module";
import { setLocations } from "./load.js";

setLocations(
  { fallback: async () => wasm },
  { fallback: async () => extra },
  { fallback: async () => batch },
);

export * from "./public.js";
