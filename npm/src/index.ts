// Browsers, workers, bundlers: the wasm lies beside this file and is fetched from there.
export * from "./public.js";
