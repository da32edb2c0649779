// Loads the client's WebAssembly in two parts: one for every call, one for recovery and waiting for generations. See
// "WebAssembly in two parts" in ARCHITECTURE.md.
import { initSync, link } from "wasm-client";
import { instanceId } from "./crash.js";
import { WasmLoader, type WasmLocation } from "./wasm/loader.js";
import type { LoadLimits } from "./wasm/wait.js";

/** Defined by the build. */
declare const WASM_ID: string;

let extra: WebAssembly.Module | undefined;
let linkedTo: number | undefined;

/** Loads the part that every call needs. */
export const loader = new WasmLoader(WASM_ID, (module) => void initSync({ module }));
/** Loads the part that only some calls need. */
export const extraLoader = new WasmLoader(WASM_ID, (module) => {
  extra = module;
});

/** Sets the platform's locations of the two parts. */
export function setLocations(main: WasmLocation, extra: WasmLocation): void {
  loader.setLocation(main);
  extraLoader.setLocation(extra);
}

/** Whether a call can start without loading. */
export function isLoaded(withExtra: boolean): boolean {
  return loader.isLoaded && (extraLoader.isLoaded || !withExtra);
}

/** Loads the parts that a call needs. Rejects as {@link WasmLoader.load} does. */
export async function load(limits: LoadLimits, withExtra: boolean): Promise<void> {
  await Promise.all([loader.load(limits), withExtra && extraLoader.load(limits)]);
}

/** Loads the parts that most calls of a client need, once the page is idle, and then calls `use`. */
export function preload(withExtra: boolean, use: () => Promise<void>): void {
  loader.preload(use);
  if (withExtra) extraLoader.preload();
}

/** Links the second part to the current instance of the first, once per instance. */
export function linkExtra(): void {
  if (!extra || linkedTo === instanceId()) return;
  link(extra);
  linkedTo = instanceId();
}
