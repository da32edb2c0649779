/** One thing that is wrong with a request, as the API writes it. */
export interface Problem {
  type: string;
  loc: string[];
  msg: string;
  input: string;
}

/**
 * What a refusal says besides its status and detail.
 * @internal
 */
export interface RefusalMore {
  /** What only the proxy's owner may know. */
  reason?: unknown;
  headers?: Record<string, string>;
  /** Whether the operation may have been executed, now or by an earlier request with the same idempotency key. */
  maybeExecuted?: boolean;
}

/**
 * Thrown by whatever does not let a request through: a response in the API's own form.
 * @internal
 */
export class Refusal extends Error {
  readonly status: number;
  readonly detail: string | Problem[];
  readonly more: RefusalMore;

  constructor(status: number, detail: string | Problem[], more: RefusalMore = {}) {
    super(`refused with ${status}`);
    this.status = status;
    this.detail = detail;
    this.more = more;
  }

  get body(): string {
    const { maybeExecuted } = this.more;
    return JSON.stringify({ detail: this.detail, maybeExecuted });
  }

  get response(): Response {
    const headers = { "content-type": "application/json", "cache-control": "no-store", ...this.more.headers };
    return new Response(this.body, { status: this.status, headers });
  }
}
