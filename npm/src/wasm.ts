// The types of `browser-use-skills/wasm`, which is the WebAssembly itself.
import type { WasmSource } from "./load.js";

/** What your bundler makes of the import of a `.wasm` file, an address or a module: for `BrowserUse.load`. */
declare const wasm: WasmSource;
export default wasm;
