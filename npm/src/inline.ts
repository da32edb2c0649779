// Entry with the WebAssembly embedded, for environments that have neither `import()` nor files.
import wasm from "./embedded.js";
import extra from "./extra.embedded.js";
import { setLocations } from "./load.js";

setLocations({ fallback: async () => wasm }, { fallback: async () => extra });

export * from "./public.js";
