// Browsers, workers, bundlers: the WebAssembly lies beside this file and is fetched from there. Some bundlers and
// development servers leave it behind; then it is loaded as a script.
import { loader } from "./load.js";

loader.setLocation({
  file: () => new URL("./browser_use_skills_bg.wasm", import.meta.url),
  fallback: async () => (await import("./embedded.js")).default,
});

export * from "./public.js";
