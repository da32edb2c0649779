// The third part of the client's WebAssembly, embedded as base64. A separate file, loaded only when needed.
import wasm from "wasm-batch-file";
import { bytesOf } from "./wasm/base64.js";

export default bytesOf(wasm as string);
