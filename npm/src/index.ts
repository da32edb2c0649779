// Browsers, workers, bundlers: the WebAssembly lies beside this file and is fetched from there. Some bundlers and
// development servers leave it behind; then it is loaded as a script.
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
);

export * from "./public.js";
