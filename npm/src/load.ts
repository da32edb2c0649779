// Loads the client's WebAssembly in three parts: one for every call, one for recovery and waiting for generations, and one
// for batches. See "WebAssembly in three parts" in ARCHITECTURE.md.
import { initSync, link } from "wasm-client";
import { instanceId } from "./crash.js";
import { WasmLoader, type WasmLocation } from "./wasm/loader.js";
import type { LoadLimits } from "./wasm/wait.js";

/** Defined by the build. */
declare const WASM_ID: string;

/** Loads the part that every call needs. */
export const loader = new WasmLoader(WASM_ID, (module) => void initSync({ module }));
/** Loads the part for recovery and waiting. */
export const extraLoader = new WasmLoader(WASM_ID);
/** Loads the part for batches. */
export const batchLoader = new WasmLoader(WASM_ID);

/** The parts that a call needs. */
export type Parts = readonly WasmLoader[];
export const FIRST: Parts = [loader];
export const EXTRA: Parts = [loader, extraLoader];
export const BATCH: Parts = [loader, extraLoader, batchLoader];

let linked = 1;
let linkedTo: number | undefined;

/** Sets the platform's locations of the parts. */
export function setLocations(...locations: [WasmLocation, WasmLocation, WasmLocation]): void {
  locations.forEach((location, index) => void BATCH[index]?.setLocation(location));
}

/** Whether a call can start without loading. */
export function isLoaded(parts: Parts): boolean {
  return parts.every(({ module }) => module);
}

/** Loads the parts that a call needs. Rejects as {@link WasmLoader.load} does. */
export async function load(limits: LoadLimits, parts: Parts): Promise<void> {
  await Promise.all(parts.map((part) => part.load(limits)));
}

/** Loads the parts that most calls of a client need, once the page is idle, and then calls `use`. */
export function preload(withExtra: boolean, use: () => Promise<void>): void {
  loader.preload(use);
  if (withExtra) extraLoader.preload();
}

/** Links the loaded parts to the current instance of the first, once per instance. */
export function linkParts(): void {
  if (linkedTo !== instanceId()) linked = 1;
  linkedTo = instanceId();
  // A part is linked after those before it, which may still be loading.
  for (let part = BATCH[linked]; part?.module; part = BATCH[++linked]) link(part.module);
}
