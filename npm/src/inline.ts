// The WebAssembly inside the JavaScript, loaded with it: for places without `import()` and without files.
import wasm from "./embedded.js";
import extra from "./extra.embedded.js";
import { setLocations } from "./load.js";

setLocations({ fallback: async () => wasm }, { fallback: async () => extra });

export * from "./public.js";
