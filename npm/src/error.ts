import type { BrowserUseErrorUnion, ErrorByCode, ErrorCode } from "./generated/errors.js";
import type { SkillExecutionView } from "./generated/models.js";
import type { OperationName } from "./generated/resources.js";

/** One validation error of a request, in the format of the API's 422. */
export interface Issue {
  /** The invalid value, as a JavaScript expression: `categories[1]`. */
  path: string;
  /** The same path as an array: `["body", "categories", 1]`. */
  loc: Array<string | number>;
  /** Human-readable message. */
  msg: string;
  /** Machine-readable type: `missing`, `string_too_short`, … */
  type: string;
}

/**
 * Why loading the WebAssembly failed:
 * - `"offline"`: the device is offline.
 * - `"unreachable"`: the request failed although the device is online.
 * - `"not_served"`: the response was not WebAssembly, but a 404 or an HTML page, for example.
 * - `"forbidden"`: a content security policy blocks the request or the compilation.
 * - `"timeout"`: `timeout` or `totalTimeout` expired.
 * - `"invalid"`: this engine cannot compile the file.
 */
export type LoadFailureReason =
  | "offline"
  | "unreachable"
  | "not_served"
  | "forbidden"
  | "timeout"
  | "invalid";

/**
 * Source of an error's stack: the function to cut the stack at, or an error created at the call site.
 * @internal
 */
export type StackOrigin = ((...parameters: never[]) => unknown) | Error;

/**
 * The data of an error, as the WebAssembly creates it.
 * @internal
 */
export interface Failure {
  code: ErrorCode;
  message: string;
  callId?: number | undefined;
  operation?: OperationName | undefined;
  status?: number | undefined;
  detail?: string | undefined;
  issues?: Issue[] | undefined;
  retryAfter?: number | undefined;
  path?: string | undefined;
  maybeExecuted?: boolean | undefined;
  retryable?: boolean | undefined;
  attempts?: number | undefined;
  totalDelay?: number | undefined;
  limit?: "timeout" | "totalTimeout" | "waitTimeout" | undefined;
  elapsed?: number | undefined;
  executionError?: string | undefined;
  stderr?: string | undefined;
  latencyMs?: number | undefined;
  executionId?: string | undefined;
  candidates?: SkillExecutionView[] | undefined;
  reason?: LoadFailureReason | undefined;
  body?: unknown;
  text?: string | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
  cause?: unknown;
}

/** Marks the library's errors across copies of the library and realms, where `instanceof` is false. */
const BRAND = Symbol.for("browser-use-skills.error");

/** Properties that may be large or contain request data, and so must not be logged by default. */
const NON_ENUMERABLE = ["stderr", "body", "text", "headers", "cause"] as const;

/**
 * Base class of the errors that calls reject with, unless they were aborted. Each `code` has its own class. No error
 * contains the key.
 */
export class BrowserUseError extends Error {
  /** Machine-readable code, for `switch`. */
  declare readonly code: ErrorCode;
  /** Identifies the call in events. */
  declare readonly callId: number | undefined;
  /** The operation that was called. */
  declare readonly operation: OperationName | undefined;
  /** HTTP status of the response, if one arrived. */
  declare readonly status: number | undefined;
  /** The server's error message, if any. */
  declare readonly detail: string | undefined;
  /** All validation errors of the request; empty for errors of other kinds. */
  declare readonly issues: readonly Issue[];
  /** Whether the server may have carried out the request although no response confirmed it. */
  declare readonly maybeExecuted: boolean;
  /**
   * Whether repeating the call later may succeed: after a lost connection, a timeout, 429 or 5xx. False if it would fail
   * the same way, or if a paid or irreversible operation might run twice.
   */
  declare readonly retryable: boolean;
  /** Number of requests sent. */
  declare readonly attempts: number;
  /** Sum of the delays between the attempts, in milliseconds. */
  declare readonly totalDelay: number;
  /** Id of the created or refined skill, if only the wait for it failed. */
  declare readonly skillId: string | undefined;
  /** Id of the execution, if known. */
  declare readonly executionId: string | undefined;
  /** The response body, parsed if it is JSON. Not enumerable: it may echo request data. */
  declare readonly body: unknown;
  /** The response body as text. Not enumerable. */
  declare readonly text: string | undefined;
  /** The response headers that CORS exposes, with names in lower case. Not enumerable. */
  declare readonly headers: Readonly<Record<string, string>> | undefined;
  /** The underlying error. Not enumerable. */
  declare readonly cause: unknown;

  /** @internal */
  constructor(failure: Failure, site?: StackOrigin) {
    super(failure.message);
    const { message, ...fields } = failure;
    const defaults = { issues: [], maybeExecuted: false, retryable: false, attempts: 0, totalDelay: 0 };
    for (const [key, value] of Object.entries({ ...defaults, ...fields })) {
      if (value !== undefined) {
        const enumerable = !(NON_ENUMERABLE as readonly string[]).includes(key);
        Object.defineProperty(this, key, { value, enumerable, configurable: true });
      }
    }
    defineHidden(this, "name", className(failure.code));
    defineHidden(this, BRAND, true);
    // The stack of the call is more useful than that of the code that read the response.
    if (typeof site === "object")
      defineHidden(this, "stack", `${this.name}: ${message}\n${site.stack ?? ""}`);
    else Error.captureStackTrace?.(this, site ?? new.target);
  }

  /** Returns the enumerable properties, for structured logs: none that are large or may echo request data. */
  toJSON(): Record<string, unknown> {
    return { name: this.name, message: this.message, ...Object.fromEntries(Object.entries(this)) };
  }
}

/**
 * Names each class after its code, because minifiers rename classes and error reports group by the constructor's name.
 * @internal
 */
export function named<Classes extends Record<ErrorCode, object>>(classes: Classes): Classes {
  for (const [code, type] of Object.entries(classes))
    defineHidden(type, "name", className(code as ErrorCode));
  defineHidden(BrowserUseError, "name", "BrowserUseError");
  return classes;
}

/** Converts `skill_not_found` to `SkillNotFoundError`. */
function className(code: ErrorCode): string {
  return `${code.replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase())}Error`;
}

function defineHidden(from: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(from, key, { value, enumerable: false, configurable: true, writable: true });
}

/**
 * Returns whether a value is an error of this library, with this `code` if one is given. Unlike `instanceof`, works across
 * frames, workers and copies of the library.
 */
export function isBrowserUseError(error: unknown): error is BrowserUseErrorUnion;
export function isBrowserUseError<Code extends ErrorCode>(
  error: unknown,
  code: Code,
): error is ErrorByCode[Code];
export function isBrowserUseError(error: unknown, code?: ErrorCode): boolean {
  const found = error as { code?: unknown; [BRAND]?: unknown } | null | undefined;
  return found?.[BRAND] === true && (code === undefined || found.code === code);
}
