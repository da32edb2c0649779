// The types of `browser-use-skills/wasm` and `browser-use-skills/wasm/extra`, which are the WebAssembly itself.
import type { WasmSource } from "./wasm/file.js";

/** What your bundler makes of the import of a `.wasm` file, a URL or a module: for `BrowserUse.load` and `loadExtra`. */
declare const wasm: WasmSource;
export default wasm;
