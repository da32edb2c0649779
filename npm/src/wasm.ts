// Types of `browser-use-skills/wasm`, `wasm/extra` and `wasm/batch`, which are the WebAssembly files.
import type { WasmSource } from "./wasm/file.js";

/** A URL or module, depending on your bundler. Pass it to `BrowserUse.load`, `loadExtra` or `loadBatch`. */
declare const wasm: WasmSource;
export default wasm;
