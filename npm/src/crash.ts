import { restart } from "wasm-client";

type Reject = (error: unknown) => void;

const pending = new Set<Reject>();
let crashes = 0;

/**
 * Identifies the current WebAssembly instance. Objects created before a crash belong to an instance that no longer exists.
 * @internal
 */
export function instanceId(): number {
  return crashes;
}

/**
 * Discards the WebAssembly instance after it trapped, which is a library fault. The next call creates a new instance.
 * @internal
 */
export function crashed(cause: unknown): void {
  crashes += 1;
  restart();
  for (const reject of pending) reject(cause);
  pending.clear();
}

/**
 * Settles as the WebAssembly's promise does, or rejects if its instance crashes first.
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
