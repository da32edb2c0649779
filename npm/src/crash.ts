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
 * What the WebAssembly promises, or the crash that keeps it from keeping the promise. `explain` makes the error of what it
 * rejects with.
 * @internal
 */
export function untilCrash<Value>(
  begin: () => Promise<Value>,
  explain: (rejection: unknown) => unknown,
): Promise<Value> {
  // One promise and not a chain of them: this is passed by every call.
  return new Promise((resolve, reject) => {
    const settle: Reject = (rejection) => reject(explain(rejection));
    pending.add(settle);
    const succeed = (value: Value) => {
      pending.delete(settle);
      resolve(value);
    };
    const fail = (rejection: unknown) => {
      if (rejection instanceof WebAssembly.RuntimeError && pending.has(settle)) crashed(rejection);
      pending.delete(settle);
      settle(rejection);
    };
    try {
      begin().then(succeed, fail);
    } catch (error) {
      fail(error);
    }
  });
}
