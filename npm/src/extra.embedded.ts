// The second part of the client's WebAssembly inside JavaScript: a file of its own, which only those load who need it.
import wasm from "wasm-extra-file";
import { bytesOf } from "./wasm/base64.js";

export default bytesOf(wasm as string);
