// The types of `browser-use-skills/wasm`, which is the WebAssembly itself.
import type { WasmSource } from "./wasm/file.js";

/** What your bundler makes of the import of a `.wasm` file, a URL or a module: for `BrowserUse.load`. */
declare const wasm: WasmSource;
export default wasm;
