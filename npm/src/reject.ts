import { BrowserUseError, type Failure, type StackOrigin } from "./error.js";
import { classes } from "./generated/error-classes.js";
import { InternalError } from "./generated/errors.js";

/**
 * Maps a rejection of the WebAssembly to an error: a failure to its class, an abort to its reason, and anything else, which
 * is a library fault, to an `InternalError`.
 */
function toError(rejection: unknown, site: StackOrigin): unknown {
  if (rejection instanceof BrowserUseError) return rejection;
  const found = rejection as { aborted?: unknown; failure?: Failure } | null | undefined;
  if (found?.failure) return new classes[found.failure.code](found.failure, site);
  if (found && typeof found === "object" && "aborted" in found) return found.aborted;
  const message = "Library fault: please report it";
  return new InternalError({ code: "internal", message, cause: rejection, maybeExecuted: true }, site);
}

function rethrow(rejection: unknown): never {
  throw toError(rejection, rethrow);
}

/**
 * Returns a rejection handler that maps errors. Create it where a call starts: V8 and JavaScriptCore reconstruct the
 * awaiting callers when the error is created, but other engines must capture the stack now.
 * @internal
 */
export function errorMapper(): (rejection: unknown) => never {
  if (Reflect.has(Error, "stackTraceLimit")) return rethrow;
  const site = new Error();
  return (rejection) => {
    throw toError(rejection, site);
  };
}

/**
 * Returns a rejection handler for calls whose first request succeeded: marks the error as not retryable, because calling
 * again would repeat that request.
 * @internal
 */
export function afterStart(skillId: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof BrowserUseError) {
      const changed = { retryable: false, maybeExecuted: true, skillId };
      for (const [key, value] of Object.entries(changed))
        Object.defineProperty(error, key, { value, enumerable: true, configurable: true });
    }
    throw error;
  };
}

/**
 * Maps the rejections of a promise to the library's error classes.
 * @internal
 */
export function mapErrors<Value>(promise: Promise<Value>): Promise<Value> {
  return promise.then(undefined, errorMapper());
}
