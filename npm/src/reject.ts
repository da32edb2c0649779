import { BrowserUseError, type Failure, type Site } from "./error.js";
import { classes } from "./generated/error-classes.js";
import { InternalError } from "./generated/errors.js";

/**
 * The error for what the wasm rejected with: the reason of an abort as it is, a failure as its class, and anything
 * else, which must not happen, as an `InternalError`.
 */
function toError(rejection: unknown, site: Site): unknown {
  if (rejection instanceof BrowserUseError) return rejection;
  const found = rejection as { aborted?: unknown; failure?: Failure } | null | undefined;
  if (found?.failure) return new classes[found.failure.code](found.failure, site);
  if (found && typeof found === "object" && "aborted" in found) return found.aborted;
  const message = "Something went wrong inside the library: please report it";
  return new InternalError({ code: "internal", message, cause: rejection, maybeExecuted: true }, site);
}

function rethrow(rejection: unknown): never {
  throw toError(rejection, rethrow);
}

/**
 * What a promise of the wasm is rejected through, to be made where a call begins. V8 and JavaScriptCore find out who waits
 * when the error is made, which costs nothing before; other engines only know it now.
 * @internal
 */
export function rethrower(): (rejection: unknown) => never {
  if (Reflect.has(Error, "stackTraceLimit")) return rethrow;
  const site = new Error();
  return (rejection) => {
    throw toError(rejection, site);
  };
}

/**
 * Rejects a call whose first part was carried out for a skill: to call it again would do that part twice.
 * @internal
 */
export function afterStart(skillId: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof BrowserUseError) {
      const known = { retryable: false, maybeExecuted: true, skillId };
      for (const [key, value] of Object.entries(known))
        Object.defineProperty(error, key, { value, enumerable: true, configurable: true });
    }
    throw error;
  };
}

/**
 * The same promise with errors of the library's classes.
 * @internal
 */
export function explained<Value>(promise: Promise<Value>): Promise<Value> {
  return promise.then(undefined, rethrower());
}
