// Loads the emulator's WebAssembly.
import { initSync } from "wasm-emulator";
import { WasmLoader } from "../wasm/loader.js";

/** Defined by the build. */
declare const EMULATOR_WASM_ID: string;

export const loader = new WasmLoader(EMULATOR_WASM_ID, (module) => void initSync({ module }));
