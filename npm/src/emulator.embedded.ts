// The emulator's WebAssembly inside JavaScript, as base64: a file of its own, which only those load who need it.
import wasm from "emulator-wasm-file";

export default wasm as string;
