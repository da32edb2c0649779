// Types of the functions of src/transport/engine.js that TypeScript uses. The build bundles that file once, for TypeScript
// and the WebAssembly.

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

/** Like `navigator.locks.request`. Without Web Locks, the lock is local to this script. */
export function requestLock(
  name: string,
  options: { ifAvailable?: boolean; signal?: AbortSignal },
  callback: (lock: object | null) => Promise<void>,
): Promise<void>;

/** Resolves and normalizes a URL; undefined if it is invalid. */
export function resolved(url: string): string | undefined;

/** Waits for a time, until a signal is aborted. */
export function pause(end: End, id: number, signal: AbortSignal | undefined, milliseconds: number): void;
