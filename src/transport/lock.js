// Web Locks, and a queue within this script where there are none.
import { bounded, TIMED_OUT, VALUE } from "./wait.js";

/** The queues of locks within this script, by name, where there are no Web Locks. */
const queues = new Map();

/** As `navigator.locks.request`; within this script only, where there are no Web Locks or a sandboxed frame forbids them. */
export async function requestLock(name, options, callback) {
  let isHeld = false;
  const hold = (lock) => {
    isHeld = true;
    return callback(lock);
  };
  try {
    if (globalThis.navigator?.locks) return await navigator.locks.request(name, options, hold);
  } catch {
    if (isHeld || options.signal?.aborted) return;
  }
  const before = queues.get(name);
  if (before && options.ifAvailable) return callback(null);
  let leave;
  const left = new Promise((resolve) => {
    leave = resolve;
  });
  const all = (before ?? Promise.resolve()).then(() => left);
  queues.set(name, all);
  await before;
  if (!options.signal?.aborted) await callback({});
  leave();
  if (queues.get(name) === all) queues.delete(name);
}

/** The locks that this instance holds. */
const held = new Set();

/** Waits for a lock. With a limit of 0 ms, the lock is acquired at once or not at all. The value is the function that releases it. */
export function lock(done, id, name, signal, milliseconds) {
  const queue = new AbortController();
  const isPrompt = milliseconds <= 0;
  const end = bounded(done, id, signal, isPrompt ? Infinity : milliseconds, queue);
  const options = isPrompt ? { ifAvailable: true } : { signal: queue.signal };
  requestLock(name, options, (lock) => {
    if (!lock) return void end(TIMED_OUT);
    return new Promise((resolve) => {
      const release = () => {
        held.delete(release);
        resolve();
      };
      held.add(release);
      if (!end(VALUE, release)) release();
    });
  });
}

/** Releases a lock. */
export function release(lock) {
  lock();
}

/** Releases the locks of an instance that has trapped. */
export function releaseAll() {
  for (const release of [...held]) release();
}
