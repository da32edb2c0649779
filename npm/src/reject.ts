import { BrowserUseError, type Failure } from "./error.js";
import { classes } from "./generated/error-classes.js";
import { InternalError } from "./generated/errors.js";

/**
 * The error for what the wasm rejected with: the reason of an abort as it is, a failure as its class, and anything
 * else, which must not happen, as an `InternalError`.
 * @internal
 */
export function toError(rejection: unknown, site?: { stack?: string | undefined }): unknown {
  if (rejection instanceof BrowserUseError) return rejection;
  const found = rejection as { aborted?: unknown; failure?: Failure } | null | undefined;
  if (found?.failure) return new classes[found.failure.code](found.failure, site);
  if (found && typeof found === "object" && "aborted" in found) return found.aborted;
  const message = "Something went wrong inside the library: please report it";
  return new InternalError({ code: "internal", message, cause: rejection }, site);
}
