// Node, Deno, Bun and bundles for servers: the WebAssembly is loaded as a script. A file would have to be read by its path,
// and bundlers rewrite or lose that path.
import { loader } from "./load.js";
import { decoded } from "./wasm/base64.js";

loader.setLocation({ fallback: () => decoded(import("./embedded.js")) });

export * from "./public.js";
