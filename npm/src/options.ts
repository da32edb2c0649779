import type { ErrorCode } from "./generated/errors.js";
import type { SkillResponse } from "./generated/models.js";
import type { OperationName } from "./generated/resources.js";
import type { Journal } from "./recovery.js";

/** What a client is made of. */
export interface BrowserUseOptions {
  /**
   * The key of one's project, `bu_…`, or a function that gives it: asked again for every attempt, so that a key that
   * is renewed is picked up. Sent as `X-Browser-Use-API-Key` to `baseUrl` and nowhere else, over https or to this
   * machine only.
   *
   * Whoever can read a page can read the key in it. Leave it out where a proxy behind `baseUrl` adds it.
   */
  apiKey?: string | ((why: KeyRequest) => string | Promise<string>) | undefined;
  /**
   * Where the API is. A path prefix stays; a trailing slash makes no difference. In a page or worker it may be
   * relative, as a proxy on the page's own origin is.
   * @defaultValue `"https://api.browser-use.com/api/v2"`
   */
  baseUrl?: string | undefined;
  /**
   * Longest that one attempt may take, in milliseconds, from the call to the last byte of the answer. `Infinity`
   * switches it off.
   * @defaultValue 60,000; for the two `execute` operations 300,000
   */
  timeout?: number | undefined;
  /**
   * Longest that a call may take with all its attempts and the delays between them, in milliseconds.
   * @defaultValue no limit
   */
  totalTimeout?: number | undefined;
  /**
   * Attempts after the first one, at most. What costs money is repeated only if the response proves that nothing was
   * done (429) or nothing had been sent; reads, updates and deletes also after lost connections, timeouts and 5xx. With
   * `maxConcurrent`, a 429 for too many sessions does not count: the call returns to the queue.
   * @defaultValue 2
   */
  maxRetries?: number | undefined;
  /**
   * Longest delay that a server may ask for, in milliseconds. Where it asks for more, the call fails at once and
   * `retryAfter` of the error tells for how long.
   * @defaultValue 60,000
   */
  maxRetryAfter?: number | undefined;
  /**
   * Executions and creations at once, at most; others wait in a fair queue, where a signal or `totalTimeout` still ends
   * them. A 429 for too many sessions shows the plan's limit, which is kept for a while; the refused call returns to the
   * queue.
   * @defaultValue no limit
   */
  maxConcurrent?: number | undefined;
  /**
   * Where executions with `recover` are written down until their outcome is acknowledged, so that `resume()` of a later
   * page or worker finds them.
   * @defaultValue none
   */
  journal?: Journal | undefined;
  /**
   * Whether others run the same skills in the same account: other users, other devices, other programs. Then the list of
   * executions alone does not prove which one is a run's own: a lost execution is handed over only if
   * `recover.accept` recognises it, and is an `AmbiguousExecutionError` otherwise.
   * @defaultValue true without an `apiKey`: the account is then the proxy's; else false
   */
  sharedAccount?: boolean | undefined;
  /**
   * Sends `Idempotency-Key` with executions, creations, refinements and clones, so that they can be repeated after a loss
   * and are done once. Only for a server that honours it: a proxy with `createProxy({ idempotency })`. The cloud itself
   * does not.
   * @defaultValue false
   */
  idempotency?: boolean | undefined;
  /** Told of every request that leaves. What a listener throws is ignored, as for the three others. */
  onRequest?: ((event: RequestSent) => void) | undefined;
  /** Told of every answer that has come whole. */
  onResponse?: ((event: ResponseReceived) => void) | undefined;
  /** Told of every delay before another attempt. */
  onRetry?: ((event: RetryPlanned) => void) | undefined;
  /** Told of every call that fails in the end. */
  onError?: ((event: CallFailed) => void) | undefined;
  /** Headers for every request. A server must allow them to a page (CORS): the cloud may not. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Whether cookies go along, as for `fetch`. Of use with a proxy that knows its users by a cookie. */
  credentials?: "omit" | "same-origin" | "include" | undefined;
  /**
   * What to send requests with instead of the global `fetch`: the emulator's, a mock, one with logging. Called with an
   * address and a plain object; what it resolves to needs a `status`, `headers` and a `text()`.
   */
  fetch?: FetchLike | undefined;
}

/** What every event tells. Never the key, and nothing of what is sent. */
export interface CallEvent {
  /** The number of the call, the same in all of its events. */
  call: number;
  /** What was called. */
  operation: OperationName;
}

/** A request leaves. */
export interface RequestSent extends CallEvent {
  /** Which attempt of the call it is, counted from 1. */
  attempt: number;
}

/** An answer has come whole. */
export interface ResponseReceived extends RequestSent {
  /** The status of the answer, refusals included. */
  status: number;
  /** From the request to the last byte, in milliseconds. */
  duration: number;
}

/** Another attempt will follow this one. */
export interface RetryPlanned extends RequestSent {
  /** The status of the answer, if one came. */
  status: number | undefined;
  /** Why the attempt failed. */
  code: ErrorCode;
  /** How long will be waited, in milliseconds. */
  delay: number;
}

/** A call has failed. */
export interface CallFailed extends CallEvent {
  /** How many requests were sent. */
  attempts: number;
  /** The status of the last answer, if one came. */
  status: number | undefined;
  /** The error's `code`, or that the caller's signal was aborted. */
  code: ErrorCode | "aborted";
  /** How long the whole call took, in milliseconds. */
  duration: number;
}

/** How many executions and creations wait for room and how many go on. */
export interface Pending {
  /** Those that `maxConcurrent`, or a refusal for too many sessions, holds back. */
  waiting: number;
  /** Those under way, waits for a retry included. */
  running: number;
}

/** What a wait for a generation may ask for. The other options apply to each of its requests. */
export interface WaitOptions extends Omit<RequestOptions, "retry" | "extraBody"> {
  /**
   * Longest that the whole wait may take, in milliseconds, from the call on. `Infinity` switches it off.
   * @defaultValue 900,000: 15 minutes
   */
  waitTimeout?: number | undefined;
  /** Called with every change of the skill. What it throws is ignored. */
  onStatus?: ((status: SkillResponse["status"], skill: SkillResponse) => void) | undefined;
}

/** What the creation of a skill with a wait for it may ask for. */
export interface CreateAndWaitOptions extends WaitOptions {
  /** Called with the id of the skill once its generation was started and paid for. What it throws is ignored. */
  onCreated?: ((skillId: string) => void) | undefined;
}

/** Why the key is asked for: before an attempt, or because the server rejected the last one with 401. */
export interface KeyRequest {
  /** `"rejected"`: a key that was kept should be renewed. */
  readonly reason: "needed" | "rejected";
}

/** The promise of an answer's data, which can tell about the answer too. */
export interface ResponsePromise<Data> extends Promise<Data> {
  /** The data together with what is known of the way it came. */
  withResponse(): Promise<WithResponse<Data>>;
}

/** An answer and the way it came. */
export interface WithResponse<Data> {
  /** What the promise itself resolves to. */
  data: Data;
  /** The status of the answer. */
  status: number;
  /** The answer's headers that a page may see, names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** How many requests were sent. */
  attempts: number;
  /** How long was waited between them, in milliseconds. */
  totalDelay: number;
}

/** Any implementation of `fetch`, of any realm. */
export type FetchLike = (address: string, init: FetchInit) => PromiseLike<ResponseLike>;

/** What the client hands to `fetch` besides the address. */
export interface FetchInit {
  /** `GET`, `POST`, `PATCH` or `DELETE`. */
  method: string;
  /** The caller's, and the client's own: the key, and the type of a body. */
  headers: Record<string, string>;
  /** JSON. */
  body?: string;
  /** Aborted by the caller's signal and by time limits. */
  signal: AbortSignal;
  /** A redirect would take the key to whatever host it names. */
  redirect: "error";
  /** With GET: nothing else is ever kept by a cache. */
  cache?: "no-store";
  /** The address of a page is nobody's business. */
  referrerPolicy: "no-referrer";
  /** The client's `credentials`, if it has that option. */
  credentials?: "omit" | "same-origin" | "include";
}

/** What the client needs of a response. */
export interface ResponseLike {
  /** The HTTP status. */
  readonly status: number;
  /** The headers that a page may see. */
  readonly headers: {
    /** The value of a header, whatever the case of its name. */
    get(name: string): string | null;
    /** Hands over each header. */
    forEach(callback: (value: string, name: string) => void): void;
  };
  /** The body as text. */
  text(): PromiseLike<string>;
}

/** What one call may ask for. */
export interface RequestOptions {
  /** Ends the call at once, wherever it is; the promise rejects with the signal's `reason`. */
  signal?: AbortSignal | undefined;
  /** Longest that one attempt of this call may take, in milliseconds. The client's by default. */
  timeout?: number | undefined;
  /** Attempts of this call after the first one, at most. The client's by default. */
  maxRetries?: number | undefined;
  /** Longest that this call may take with all its attempts, in milliseconds. The client's by default. */
  totalTimeout?: number | undefined;
  /** Longest delay that a server may ask for, in milliseconds. The client's by default. */
  maxRetryAfter?: number | undefined;
  /**
   * `"always"` sends again after any loss, whatever the operation is: it may be carried out, and paid for, more than
   * once.
   */
  retry?: "always" | undefined;
  /** Headers for this call, besides the client's or in their place. */
  headers?: Readonly<Record<string, string>> | undefined;
  /**
   * What this version of the library does not know yet: keys that are added to the body, or to the query where the
   * operation has no body. They are not checked.
   */
  extraBody?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Makes the call of an operation: its index in the table, the values of its path, its input.
 * @internal
 */
export type Call = <Answer>(
  operation: number,
  ids: unknown[],
  input: unknown,
  options: RequestOptions | undefined,
) => ResponsePromise<Answer>;
