// The package, with functions that make its WebAssembly panic. The parts that a test needs must be passed to `load` and `loadExtra`.
import { panic as begin } from "wasm-client";
import { untilCrash } from "../../npm/src/crash.js";
import { mapErrors } from "../../npm/src/reject.js";

export { panicLater } from "wasm-client";
export * from "../../npm/src/public.js";

/** Panics inside of a call into the WebAssembly. */
export function panic(): Promise<void> {
  return mapErrors(untilCrash(async () => begin()));
}
