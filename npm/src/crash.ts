import { restart } from "wasm-client";

type Reject = (error: unknown) => void;

const pending = new Set<Reject>();
let crashes = 0;

/**
 * How often the WebAssembly has crashed. What was made before a crash is of an instance that is no more.
 * @internal
 */
export function generation(): number {
  return crashes;
}

/**
 * Called where JavaScript entered the WebAssembly and came back with an exception: a fault of this library. The instance
 * is never entered again; the next call makes a fresh one.
 * @internal
 */
export function crashed(cause: unknown): void {
  crashes += 1;
  restart();
  for (const reject of pending) reject(cause);
  pending.clear();
}

/**
 * What the WebAssembly promises, or the crash that keeps it from keeping the promise.
 * @internal
 */
export function untilCrash<Value>(begin: () => Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    pending.add(reject);
    const succeed = (value: Value) => {
      pending.delete(reject);
      resolve(value);
    };
    const fail = (rejection: unknown) => {
      if (rejection instanceof WebAssembly.RuntimeError && pending.has(reject)) crashed(rejection);
      pending.delete(reject);
      reject(rejection);
    };
    try {
      begin().then(succeed, fail);
    } catch (error) {
      fail(error);
    }
  });
}
