// Types of src/transport/lock.js: see "The JavaScript of the transport" in ARCHITECTURE.md.

/** Like `navigator.locks.request`. Without Web Locks, the lock is local to this script. */
export function requestLock(
  name: string,
  options: { ifAvailable?: boolean; signal?: AbortSignal },
  callback: (lock: object | null) => Promise<void>,
): Promise<void>;
