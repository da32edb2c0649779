// The client's WebAssembly.
import { initSync } from "wasm-client";
import { WasmLoader } from "./wasm/loader.js";

export const loader = new WasmLoader((module) => void initSync({ module }));
