// The WebAssembly inside the JavaScript, loaded with it: for places without `import()` and without files.
import wasm from "./embedded.js";
import { loader } from "./load.js";

loader.setLocation({ fallback: async () => wasm });

export * from "./public.js";
