// Entry with the WebAssembly embedded, for environments that have neither `import()` nor files.
import batch from "./batch.embedded.js";
import wasm from "./embedded.js";
import extra from "./extra.embedded.js";
import { setLocations } from "./load.js";

setLocations(
  { fallback: async () => wasm },
  { fallback: async () => extra },
  { fallback: async () => batch },
);

export * from "./public.js";
