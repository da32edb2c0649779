// Types of `browser-use-skills/wasm` and `browser-use-skills/wasm/extra`, which are the WebAssembly files.
import type { WasmSource } from "./wasm/file.js";

/** A URL or module, depending on your bundler. Pass it to `BrowserUse.load` or `loadExtra`. */
declare const wasm: WasmSource;
export default wasm;
