// The client's WebAssembly, in two parts: what every call needs, and what recovery and waiting for generations need
// besides. See "WebAssembly in two parts" in ARCHITECTURE.md.
import { initSync, link } from "wasm-client";
import { generation } from "./crash.js";
import { WasmLoader, type WasmLocation } from "./wasm/loader.js";
import type { LoadLimits } from "./wasm/wait.js";

/** Defined by the build. */
declare const WASM_ID: string;

let extra: WebAssembly.Module | undefined;
let linkedTo: number | undefined;

/** The part that every call needs. */
export const loader = new WasmLoader(WASM_ID, (module) => void initSync({ module }));
/** The part that some calls need besides. */
export const extraLoader = new WasmLoader(WASM_ID, (module) => {
  extra = module;
});

/** Says where a platform has the two parts. */
export function setLocations(main: WasmLocation, extra: WasmLocation): void {
  loader.setLocation(main);
  extraLoader.setLocation(extra);
}

/** Whether a call can begin at once. */
export function isLoaded(withExtra: boolean): boolean {
  return loader.isLoaded && (extraLoader.isLoaded || !withExtra);
}

/** Loads what a call needs. Rejects as {@link WasmLoader.load} does. */
export async function load(limits: LoadLimits, withExtra: boolean): Promise<void> {
  await Promise.all([loader.load(limits), withExtra && extraLoader.load(limits)]);
}

/** Links the second part to the instance of the first. After a crash that is another one. */
export function linkExtra(): void {
  if (!extra || linkedTo === generation()) return;
  link(extra);
  linkedTo = generation();
}
