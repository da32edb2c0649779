// The client's WebAssembly inside JavaScript, as base64: a file of its own, which only those load who need it.
import wasm from "wasm-file";

export default wasm as string;
