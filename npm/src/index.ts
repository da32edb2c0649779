// Entry for browsers, workers and bundlers. Fetches the WebAssembly from the file next to this one. Some bundlers and
// development servers do not copy that file; then the embedded copy is loaded.
import { setLocations } from "./load.js";

setLocations(
  {
    file: () => new URL("./browser_use_skills_bg.wasm", import.meta.url),
    fallback: async () => (await import("./embedded.js")).default,
  },
  {
    file: () => new URL("./browser_use_skills_extra_bg.wasm", import.meta.url),
    fallback: async () => (await import("./extra.embedded.js")).default,
  },
  {
    file: () => new URL("./browser_use_skills_batch_bg.wasm", import.meta.url),
    fallback: async () => (await import("./batch.embedded.js")).default,
  },
);

export * from "./public.js";
