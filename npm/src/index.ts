// Browsers, workers, bundlers: the WebAssembly lies beside this file and is fetched from there. Some bundlers and
// development servers leave it behind; then it is loaded as a script.
import { loader } from "./load.js";
import { decoded } from "./wasm/base64.js";

loader.setLocation({
  file: () => new URL("./browser_use_skills_bg.wasm", import.meta.url),
  fallback: () => decoded(import("./embedded.js")),
});

export * from "./public.js";
