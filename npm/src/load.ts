// The client's WebAssembly.
import { initSync } from "wasm-client";
import { WasmLoader } from "./wasm/loader.js";

/** Defined by the build. */
declare const WASM_ID: string;

export const loader = new WasmLoader(WASM_ID, (module) => void initSync({ module }));
