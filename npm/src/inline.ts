// The WebAssembly inside the JavaScript, loaded with it: for places without `import()` and without files.
import wasm from "./embedded.js";
import { loader } from "./load.js";
import { decoded } from "./wasm/base64.js";

loader.setLocation({ fallback: () => decoded(Promise.resolve({ default: wasm })) });

export * from "./public.js";
