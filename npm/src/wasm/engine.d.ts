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

/** As `navigator.locks.request`: in this script only where there are no Web Locks. */
export function requestLock(
  name: string,
  options: { ifAvailable?: boolean; signal?: AbortSignal },
  callback: (lock: object | null) => Promise<void>,
): Promise<void>;

/** A URL as an absolute one, with its parts in one notation; undefined if it is none. */
export function resolved(url: string): string | undefined;

/** Waits for a number of milliseconds, within a signal. */
export function pause(end: End, id: number, signal: AbortSignal | undefined, milliseconds: number): void;
