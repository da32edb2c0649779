// The emulator's WebAssembly.
import { initSync } from "wasm-emulator";
import { WasmLoader } from "../wasm/loader.js";

export const loader = new WasmLoader((module) => void initSync({ module }));
