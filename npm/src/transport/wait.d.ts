// Types of src/transport/wait.js: see "The JavaScript of the transport" in ARCHITECTURE.md.

/** Outcome of a wait. */
export const VALUE: number;
export const ABORTED: number;
export const TIMED_OUT: number;

/** Called once, asynchronously, with the value, the abort reason or the error. */
type End = (id: number, how: number, result: unknown) => void;

/** Waits for a promise, until a signal is aborted or a time has passed. */
export function wait(
  end: End,
  id: number,
  value: unknown,
  signal: AbortSignal | undefined,
  milliseconds: number,
): void;

/** Waits for a time, until a signal is aborted. */
export function pause(end: End, id: number, signal: AbortSignal | undefined, milliseconds: number): void;
