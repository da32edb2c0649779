// Waits that a signal and a time limit bound. `done(id, how, …values)` is Rust's callback for the end of a wait.
import { propertyOf } from "./inspect.js";

/** How a wait ended. `wait.rs` and `npm/src/wasm/wait.ts` read these. */
export const VALUE = 0;
export const ABORTED = 1;
export const TIMED_OUT = 2;
export const FAILED = 3;
export const NO_RESPONSE = 4;

/** The longest delay of a timer, in milliseconds; a longer one fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The reason of an aborted signal. Old engines keep none; then it is the error that they would throw. */
function reasonOf(signal) {
  const reason = propertyOf(signal, "reason");
  return reason === undefined ? new DOMException("This operation was aborted", "AbortError") : reason;
}

/** Whether there is a signal that is aborted. A mock of a signal may throw. */
export function isAborted(signal) {
  return signal !== undefined && propertyOf(signal, "aborted") === true;
}

/** The functions that cancel pending waits, by id. */
const cancels = new Map();

/** Cancels a wait without a callback. Leaves no timer, listener, request or place in a queue behind. */
export function cancel(id) {
  cancels.get(id)?.();
}

/**
 * Bounds a wait by a signal and a time limit. Returns the function that ends it. The first end is reported by
 * `done(id, how, …values)`, once and asynchronously. An abort wins over a value. Leaves no listener or timer behind.
 */
export function bounded(done, id, signal, milliseconds, controller) {
  let timer;
  let isOver = false;
  const finish = () => {
    isOver = true;
    cancels.delete(id);
    clearTimeout(timer);
    try {
      signal?.removeEventListener("abort", onAbort);
    } catch {
      // A mock of a signal.
    }
  };
  cancels.set(id, () => {
    finish();
    controller?.abort();
  });
  /** Whether the values were reported: the wait was neither over nor aborted. */
  const end = (how, ...values) => {
    if (isOver) return false;
    finish();
    if (isAborted(signal)) {
      done(id, ABORTED, reasonOf(signal));
      return false;
    }
    done(id, how, ...values);
    return true;
  };
  const stop = (how) => {
    end(how);
    controller?.abort();
  };
  const onAbort = () => stop(ABORTED);
  try {
    if (isAborted(signal)) queueMicrotask(onAbort);
    signal?.addEventListener("abort", onAbort);
  } catch (error) {
    queueMicrotask(() => end(FAILED, error));
  }
  if (milliseconds <= LONGEST_TIMER) timer = setTimeout(() => stop(TIMED_OUT), milliseconds);
  return end;
}

/** Waits for a value or a promise of any realm. */
export async function wait(done, id, value, signal, milliseconds) {
  const end = bounded(done, id, signal, milliseconds);
  try {
    end(VALUE, await value);
  } catch (error) {
    end(FAILED, error);
  }
}

/** Waits for a number of milliseconds. */
export function pause(done, id, signal, milliseconds) {
  bounded(done, id, signal, milliseconds);
}

/**
 * Waits before a poll: twice as long while the page is hidden, and while the device is offline if the poll needs the
 * network, but not longer than the limit. Ends at once when the page is shown or the device is online again.
 */
export function pauseBeforePoll(done, id, signal, milliseconds, limit, needsNetwork) {
  const listening = new AbortController();
  const end = bounded(done, id, signal, limit, listening);
  const isOffline = () => needsNetwork && globalThis.navigator?.onLine === false;
  const poll = () => {
    end(TIMED_OUT);
    listening.abort();
  };
  const onReturn = () => {
    if (!globalThis.document?.hidden && !isOffline()) poll();
  };
  const onTimer = () => {
    timer = setTimeout(() => isOffline() || poll(), milliseconds);
    onReturn();
  };
  let timer = setTimeout(onTimer, Math.min(milliseconds, limit));
  const options = { signal: listening.signal };
  listening.signal.addEventListener("abort", () => clearTimeout(timer));
  globalThis.document?.addEventListener?.("visibilitychange", onReturn, options);
  globalThis.addEventListener?.("online", onReturn, options);
}
