// What TypeScript uses of src/transport/engine.js, which the build bundles once for it and for the WebAssembly.

/** How a wait ended. */
export const VALUE: number;
export const ABORTED: number;
export const TIMED_OUT: number;

/** Called once, never at once, with the value, the reason of the abort or what was thrown. */
type End = (id: number, how: number, result: unknown) => void;

/** Waits for a promise, within a signal and a number of milliseconds. */
export function wait(
  end: End,
  id: number,
  value: unknown,
  signal: AbortSignal | undefined,
  milliseconds: number,
): void;

/** Waits for a number of milliseconds, within a signal. */
export function pause(end: End, id: number, signal: AbortSignal | undefined, milliseconds: number): void;
