// Entry for Node, Deno, Bun and server bundles. Loads the embedded WebAssembly, because bundlers rewrite or lose the path
// of a file.
import { setLocations } from "./load.js";

setLocations(
  { fallback: async () => (await import("./embedded.js")).default },
  { fallback: async () => (await import("./extra.embedded.js")).default },
  { fallback: async () => (await import("./batch.embedded.js")).default },
);

export * from "./public.js";
