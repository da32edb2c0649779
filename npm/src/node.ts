// Node, Deno, Bun and bundles for servers: the WebAssembly is loaded as a script. A file would have to be read by its path,
// and bundlers rewrite or lose that path.
import { setLocations } from "./load.js";

setLocations(
  { fallback: async () => (await import("./embedded.js")).default },
  { fallback: async () => (await import("./extra.embedded.js")).default },
);

export * from "./public.js";
