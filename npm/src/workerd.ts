// Cloudflare's workerd compiles no bytes at run time: the module is imported, compiled when it was deployed.
import wasm from "wasm-file";
import { setPlatformSource } from "./load.js";

setPlatformSource(async () => wasm);

export * from "./public.js";
