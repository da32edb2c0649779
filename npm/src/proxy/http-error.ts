/** One validation error, in the format of the API's 422. */
export interface ValidationError {
  type: string;
  loc: string[];
  msg: string;
  input: string;
}

/**
 * Further properties of an {@link HttpError}.
 * @internal
 */
export interface HttpErrorOptions {
  /** The cause, which is reported to the operator only. */
  reason?: unknown;
  headers?: Record<string, string>;
  /** Whether the operation may have run, in this or an earlier request with the same idempotency key. */
  maybeExecuted?: boolean;
}

/**
 * An error response in the format of the API. Thrown to reject a request.
 * @internal
 */
export class HttpError extends Error {
  readonly status: number;
  readonly detail: string | ValidationError[];
  readonly options: HttpErrorOptions;

  constructor(status: number, detail: string | ValidationError[], options: HttpErrorOptions = {}) {
    super(`rejected with ${status}`);
    this.status = status;
    this.detail = detail;
    this.options = options;
  }

  get body(): string {
    const { maybeExecuted } = this.options;
    return JSON.stringify({ detail: this.detail, maybeExecuted });
  }

  get response(): Response {
    const headers = {
      "content-type": "application/json",
      "cache-control": "no-store",
      ...this.options.headers,
    };
    return new Response(this.body, { status: this.status, headers });
  }
}
