import type { CallEvent } from "./events.js";
import type { SkillResponse } from "./generated/models.js";
import type { Journal } from "./journal.js";

/** Options of a client. */
export interface BrowserUseOptions {
  /**
   * API key of your project, `bu_…`, or a function that returns it. The function is called for every attempt, so that a
   * rotated key takes effect immediately. Sent as `X-Browser-Use-API-Key`, only to `baseUrl`, and only over https or to
   * localhost.
   *
   * Every user of a page can read a key in it. Omit the key if a proxy behind `baseUrl` adds it.
   */
  apiKey?: string | ((why: KeyRequest) => string | Promise<string>) | undefined;
  /**
   * Base URL of the API. May contain a path prefix; a trailing slash is ignored. In a page or worker it may be relative,
   * for example the path of a proxy on the same origin.
   * @defaultValue `"https://api.browser-use.com/api/v2"`
   */
  baseUrl?: string | undefined;
  /**
   * Timeout of one attempt, in milliseconds, from the call to the last byte of the response. `Infinity` disables it.
   * @defaultValue 60,000; for the two `execute` operations 300,000
   */
  timeout?: number | undefined;
  /**
   * Timeout of the whole call, in milliseconds: all attempts and the delays between them.
   * @defaultValue no limit
   */
  totalTimeout?: number | undefined;
  /**
   * Maximum number of retries. Paid operations are retried only if nothing was sent or the response proves that nothing
   * ran (429). Reads, updates and deletes are also retried after lost connections, timeouts and 5xx. With `maxConcurrent`,
   * a 429 for too many sessions does not count as a retry: the call returns to the queue.
   * @defaultValue 2
   */
  maxRetries?: number | undefined;
  /**
   * Longest `Retry-After` that is honoured, in milliseconds. If the server requests a longer delay, the call fails
   * immediately, and `retryAfter` of the error is that delay in milliseconds.
   * @defaultValue 60,000
   */
  maxRetryAfter?: number | undefined;
  /**
   * Maximum number of concurrent executions and creations. Further calls wait in a FIFO queue; a signal or `totalTimeout`
   * still ends them. After a 429 for too many sessions, the client lowers the limit for a while and returns the call to the
   * queue. With `"plan"`, the limit is that of the account's plan, which is read by `billing.account()` beside the first call of
   * the client; until then, or if that fails, it is 3.
   * @defaultValue no limit
   */
  maxConcurrent?: number | "plan" | undefined;
  /**
   * Storage for executions with `recover`. Entries are kept until their result is acknowledged, so that `resume()` finds
   * them after a reload.
   * @defaultValue none
   */
  journal?: Journal | undefined;
  /**
   * Whether other users, devices or programs run the same skills in the same account. If so, the list of executions alone
   * does not identify a lost execution: it is recovered only if `recover.accept` recognises its result, and otherwise
   * rejects with an `AmbiguousExecutionError`.
   * @defaultValue true without an `apiKey`, since the account is then the proxy's; otherwise false
   */
  sharedAccount?: boolean | undefined;
  /**
   * Sends an `Idempotency-Key` with executions, creations, refinements and clones, so that they can be retried safely.
   * Requires a server that supports the header, such as a proxy with `createProxy({ idempotency })`. The cloud itself does
   * not support it.
   * @defaultValue false
   */
  idempotency?: boolean | undefined;
  /** Receives the events of all calls. Errors it throws are ignored. */
  onEvent?: ((event: CallEvent) => void) | undefined;
  /**
   * Whether a page or worker loads the WebAssembly once it is idle after the client was constructed, and then makes a call
   * without a request, so that the engine compiles it. Otherwise, the first call loads it.
   * @defaultValue true
   */
  preload?: boolean | undefined;
  /** Headers for every request. In a page, the server must allow them (CORS); the cloud may not. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Whether to send cookies, as for `fetch`: for a proxy that authenticates users by a cookie. */
  credentials?: "omit" | "same-origin" | "include" | undefined;
  /**
   * Replacement for the global `fetch`: that of the emulator, a mock, or one with logging. Called with a URL and a plain
   * object; must resolve to an object with `status`, `headers` and `text()`.
   */
  fetch?: FetchLike | undefined;
}

/** Number of queued and running executions and creations. */
export interface ConcurrencyStats {
  /** Calls queued because of `maxConcurrent` or a 429 for too many sessions. */
  readonly waiting: number;
  /** Calls in progress, including those waiting for a retry. */
  readonly running: number;
}

/**
 * Options of a wait for a generation. Those of {@link RequestOptions} apply to every request of the wait, including the
 * creation or refinement: `totalTimeout` limits each request with its attempts, `waitTimeout` the wait. `extraBody` of
 * `createAndWait` and `refineAndWait` is added only to the body of the creation or refinement.
 */
export interface WaitOptions extends RequestOptions {
  /**
   * Timeout of the wait after the creation or refinement, in milliseconds. `Infinity` disables it.
   * @defaultValue 900,000: 15 minutes
   */
  waitTimeout?: number | undefined;
  /** Called after every change of the skill. Errors it throws are ignored. */
  onStatus?: ((status: SkillResponse["status"], skill: SkillResponse) => void) | undefined;
}

/** Options of `createAndWait`. */
export interface CreateAndWaitOptions extends WaitOptions {
  /** Called with the skill's id once its generation has started and credits are spent. Errors it throws are ignored. */
  onCreated?: ((skillId: string) => void) | undefined;
}

/** Argument of an `apiKey` function. */
export interface KeyRequest {
  /** `"needed"` before an attempt; `"rejected"` after a 401: return a new key instead of a cached one. */
  readonly reason: "needed" | "rejected";
}

/** Promise of the response data, with access to the response itself. */
export interface ResponsePromise<Data> extends Promise<Data> {
  /** Resolves to the data together with the status, headers and attempts of its response. */
  withResponse(): Promise<WithResponse<Data>>;
}

/** A response and its data. */
export interface WithResponse<Data> {
  /** The value that the promise itself resolves to. */
  data: Data;
  /** Identifies the call in events. */
  callId: number;
  /** HTTP status of the response. */
  status: number;
  /** The response headers that CORS exposes, with names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** Number of requests sent. */
  attempts: number;
  /** Sum of the delays between the attempts, in milliseconds. */
  totalDelay: number;
}

/** An implementation of `fetch`, from any realm. */
export type FetchLike = (url: string, init: FetchInit) => PromiseLike<ResponseLike>;

/** The second argument that the client passes to `fetch`. */
export interface FetchInit {
  /** `GET`, `POST`, `PATCH` or `DELETE`. */
  method: string;
  /** The headers of the options, the key, and the content type of a body. */
  headers: Record<string, string>;
  /** JSON. */
  body?: string;
  /** Aborted by the caller's signal and by timeouts. */
  signal: AbortSignal;
  /** Following a redirect would send the key to another host. */
  redirect: "error";
  /** Set for GETs whose response a cache must not supply: polls of recovery, retries, and all GETs outside of other origins' pages. */
  cache?: "no-store";
  /** Never leaks the page's URL. */
  referrerPolicy: "no-referrer";
  /** The client's `credentials` option, if set. */
  credentials?: "omit" | "same-origin" | "include";
}

/** The part of a `Response` that the client uses. */
export interface ResponseLike {
  /** HTTP status. */
  readonly status: number;
  /** The response headers that CORS exposes. */
  readonly headers: {
    /** Returns the value of a header. The name is case-insensitive. */
    get(name: string): string | null;
    /** Calls `callback` for each header. */
    forEach(callback: (value: string, name: string) => void): void;
  };
  /** The body as text. */
  text(): PromiseLike<string>;
}

/** Options of one call. */
export interface RequestOptions {
  /** Aborts the call; the promise rejects with the signal's `reason`. */
  signal?: AbortSignal | undefined;
  /** Timeout of one attempt, in milliseconds. Default: the client's. */
  timeout?: number | undefined;
  /** Maximum number of retries. Default: the client's. */
  maxRetries?: number | undefined;
  /** Timeout of the whole call with all its attempts, in milliseconds. Default: the client's. */
  totalTimeout?: number | undefined;
  /** Longest `Retry-After` that is honoured, in milliseconds. Default: the client's. */
  maxRetryAfter?: number | undefined;
  /** `"always"` retries every operation after a lost response. A paid operation may then run, and cost credits, twice. */
  retry?: "always" | undefined;
  /** Headers for this call, merged over the client's. */
  headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Fields that this version of the library does not support yet. Added to the body, or to the query if the operation has
   * no body. Not validated.
   */
  extraBody?: Readonly<Record<string, unknown>> | undefined;
  /** Receives the events of this call, besides the client's `onEvent`. Errors it throws are ignored. */
  onEvent?: ((event: CallEvent) => void) | undefined;
}

/**
 * Calls an operation by its index in the table, with the values of its path and its input.
 * @internal
 */
export type Call = <Data>(
  operation: number,
  ids: unknown[],
  input: unknown,
  options: RequestOptions | undefined,
) => ResponsePromise<Data>;
