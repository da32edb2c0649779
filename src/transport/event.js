// Calls the listeners of `hooks`.
import { propertyOf } from "./inspect.js";

/** Calls a listener with its event. Errors of the listener are ignored. */
export function emit(listeners, hook, call, operation, attempt, status, code, milliseconds) {
  const listener = propertyOf(listeners, hook);
  if (typeof listener !== "function") return;
  const event = { call, operation, [hook === "onError" ? "attempts" : "attempt"]: attempt };
  if (hook !== "onRequest") {
    event.status = status;
    event[hook === "onRetry" ? "delay" : "duration"] = milliseconds;
  }
  if (code) event.code = code;
  const called = async () => listener(event);
  called().catch(() => {});
}
