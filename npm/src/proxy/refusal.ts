/** One thing that is wrong with a request, as the API writes it. */
export interface Problem {
  type: string;
  loc: string[];
  msg: string;
  input: string;
}

/**
 * Thrown by whatever does not let a request through: an answer in the API's own form.
 * @internal
 */
export class Refusal extends Error {
  readonly response: Response;

  constructor(
    status: number,
    detail: string | Problem[],
    /** What only the proxy's owner may know. */
    readonly reason?: unknown,
    headers: Record<string, string> = {},
  ) {
    super(`refused with ${status}`);
    this.response = new Response(JSON.stringify({ detail }), {
      status,
      headers: { "content-type": "application/json", ...headers },
    });
  }
}
