// The package, and ways to make its WebAssembly panic. Its two parts must be given to `load` and `loadExtra`.
import { panic as begin } from "wasm-client";
import { untilCrash } from "../../npm/src/crash.js";
import { mapErrors } from "../../npm/src/reject.js";

export { panicLater } from "wasm-client";
export * from "../../npm/src/public.js";

/** Panics as a call does that enters the WebAssembly. */
export function panic(): Promise<void> {
  return mapErrors(untilCrash(async () => begin()));
}
