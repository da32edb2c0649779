import type { BrowserUseErrorUnion, ErrorByCode, ErrorCode } from "./generated/errors.js";
import type { SkillExecutionView } from "./generated/models.js";
import type { OperationName } from "./generated/resources.js";
import type { LoadFailureReason } from "./wasm/file.js";

/** One thing that is wrong with a request, in the form of the API's 422. */
export interface Issue {
  /** Where, as one writes it in code: `categories[1]`. */
  path: string;
  /** Where, in steps: `["body", "categories", 1]`. */
  loc: Array<string | number>;
  /** What is wrong, in words. */
  msg: string;
  /** What is wrong, in one word: `missing`, `string_too_short`, … */
  type: string;
}

/**
 * Where an error comes from: the function that its stack should not begin above, or an error that was made there.
 * @internal
 */
export type Site = ((...parameters: never[]) => unknown) | Error;

/**
 * What is known of a failure. The wasm makes it.
 * @internal
 */
export interface Failure {
  code: ErrorCode;
  message: string;
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

/** Marks our errors for other copies of the library and other realms, where `instanceof` is false. */
const BRAND = Symbol.for("browser-use-skills.error");

/** What may be large or hold what was sent: there to be asked for, not to be logged. */
const QUIET = ["stderr", "body", "text", "headers", "cause"] as const;

/**
 * What a call rejects with, unless it was aborted. One class for each `code`; the key is in none of them.
 */
export class BrowserUseError extends Error {
  /** What went wrong, by name, for `switch`. */
  declare readonly code: ErrorCode;
  /** The operation that was called. */
  declare readonly operation: OperationName | undefined;
  /** The status of the answer, if one came. */
  declare readonly status: number | undefined;
  /** The server's own words, if it had any. */
  declare readonly detail: string | undefined;
  /** Everything that is wrong with the request; empty if that is not what went wrong. */
  declare readonly issues: readonly Issue[];
  /** Whether the request may have been carried out, though there is no answer that says so. */
  declare readonly maybeExecuted: boolean;
  /**
   * Whether the same call may succeed later: after a lost connection, a time limit, 429 or 5xx. False if it would fail in
   * the same way, or if something that costs money or cannot be undone might be carried out twice.
   */
  declare readonly retryable: boolean;
  /** How many requests were sent. */
  declare readonly attempts: number;
  /** How long was waited between them, in milliseconds. */
  declare readonly totalDelay: number;
  /** The skill that was created or refined before a wait for it failed. */
  declare readonly skillId: string | undefined;
  /** The execution that it is about, where it is known which one that is. */
  declare readonly executionId: string | undefined;
  /** The answer's body, parsed if it is JSON. Not enumerable: it may repeat what was sent. */
  declare readonly body: unknown;
  /** The answer's text. Not enumerable. */
  declare readonly text: string | undefined;
  /** The answer's headers that a page may see, names in lower case. Not enumerable. */
  declare readonly headers: Readonly<Record<string, string>> | undefined;
  /** What was thrown beneath. Not enumerable. */
  declare readonly cause: unknown;

  /** @internal */
  constructor(failure: Failure, site?: Site) {
    super(failure.message);
    const { message, ...fields } = failure;
    const defaults = { issues: [], maybeExecuted: false, retryable: false, attempts: 0, totalDelay: 0 };
    const known = { ...defaults, ...fields };
    for (const [key, value] of Object.entries(known)) {
      if (value !== undefined) {
        const enumerable = !(QUIET as readonly string[]).includes(key);
        Object.defineProperty(this, key, { value, enumerable, configurable: true });
      }
    }
    hide(this, "name", className(failure.code));
    hide(this, BRAND, true);
    // Where the call was made says more than where its answer was read.
    if (typeof site === "object") hide(this, "stack", `${this.name}: ${message}\n${site.stack ?? ""}`);
    else Error.captureStackTrace?.(this, site ?? new.target);
  }

  /** For structured logs: everything but what may be large or repeat what was sent. */
  toJSON(): Record<string, unknown> {
    return { name: this.name, message: this.message, ...Object.fromEntries(Object.entries(this)) };
  }
}

/**
 * Gives classes the names of their codes, whatever a minifier calls them: error reports group by the constructor's name.
 * @internal
 */
export function named<Classes extends Record<ErrorCode, object>>(classes: Classes): Classes {
  for (const [code, type] of Object.entries(classes)) hide(type, "name", className(code as ErrorCode));
  hide(BrowserUseError, "name", "BrowserUseError");
  return classes;
}

/** `skill_not_found` to `SkillNotFoundError`. */
function className(code: ErrorCode): string {
  return `${code.replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase())}Error`;
}

function hide(from: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(from, key, { value, enumerable: false, configurable: true, writable: true });
}

/**
 * Whether something is an error of this library, and of this `code` if one is given. Works where `instanceof` does
 * not: across frames, workers and several copies of the library.
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
