import { tapBody } from "./body.js";
import { type Call, parseNumber } from "./call.js";
import { digest } from "./digest.js";
import { type Executions, MAX_COMPARED_BYTES } from "./executions.js";
import { HttpError } from "./http-error.js";
import type { Idempotency } from "./idempotency.js";
import { download, fetchUpstream, type ProxyFetch } from "./upstream.js";

/**
 * Options of a {@link Forwarder}.
 * @internal
 */
export interface ForwarderOptions {
  send: ProxyFetch | undefined;
  /** Base URL of the API. */
  base: string;
  /** In milliseconds. Default: that of the operation. */
  timeout: number | undefined;
  idempotency: Idempotency | undefined;
  executions: Executions;
}

/**
 * A request that passed all checks.
 * @internal
 */
export interface AllowedRequest {
  call: Call;
  /** Undefined: the anonymous user. */
  user: string | undefined;
  idempotencyKey: string | undefined;
  /** Whether only the stored response of the key is requested. */
  replayOnly: boolean;
  body: Uint8Array<ArrayBuffer> | undefined;
  key: string | undefined;
  /** Aborted when the caller disconnects. */
  signal: AbortSignal;
  /** Called with errors that the caller does not see. */
  report: (error: unknown) => void;
}

const MAX_PAGE_SIZE = 100;
const EXECUTE = /\.execute$/;

/**
 * Forwards allowed requests: once per idempotency key, and executions only to the user who ran them.
 * @internal
 */
export class Forwarder {
  readonly #options: ForwarderOptions;

  constructor(options: ForwarderOptions) {
    this.#options = options;
  }

  async respond(request: AllowedRequest): Promise<Response> {
    const { call, user, signal, idempotencyKey } = request;
    const { name } = call.operation;
    if (name === "skills.executions" || name === "skills.executionOutput") {
      if (user === undefined)
        throw new HttpError(403, `${name} needs a user: authorize must return the user's id, not true`);
      if (name === "skills.executions") return this.#list(request, user);
      await this.#options.executions.check(user, call.executionId ?? "");
    }
    const { idempotency } = this.#options;
    if (!idempotency || idempotencyKey === undefined) return this.#send(request, signal);
    const keyed = {
      user,
      key: idempotencyKey,
      fingerprint: await this.#fingerprint(request),
      replayOnly: request.replayOnly,
      timeout: this.#timeout(call),
      signal,
      report: request.report,
    };
    // Without the caller's signal: the caller may reconnect and request the stored response.
    return idempotency.respond(keyed, () => this.#send(request, undefined));
  }

  async #send(request: AllowedRequest, signal: AbortSignal | undefined): Promise<Response> {
    const { call, body, key, report } = request;
    const { operation, target } = call;
    const sentAt = Date.now();
    const timeout = this.#timeout(call);
    const upstream = {
      url: this.#options.base + target,
      method: operation.method,
      key,
      body,
      signal,
      timeout,
    };
    const response = await fetchUpstream(this.#options.send, upstream);
    if (!response.ok || !response.body) return response;
    const onBreak = (error: unknown) => {
      if (!signal?.aborted) report(error);
    };
    const onEnd = EXECUTE.test(operation.name) ? this.#recorder(request, sentAt) : undefined;
    return new Response(tapBody(response.body, { onEnd, onBreak, maxBytes: MAX_COMPARED_BYTES }), response);
  }

  #recorder({ call, user, report }: AllowedRequest, sentAt: number) {
    const { skillId } = call;
    const { executions } = this.#options;
    if (user === undefined || skillId === undefined || !executions.isUsed) return undefined;
    return (body: Uint8Array) => executions.record(user, skillId, sentAt, body).catch(report);
  }

  #list({ call, key, signal, report }: AllowedRequest, user: string): Promise<Response> {
    const { send, base, executions } = this.#options;
    const { skillId = "", query } = call;
    const timeout = this.#timeout(call);
    return executions.list({
      user,
      skillId,
      pageNumber: parseNumber(query, "pageNumber", 1, Number.MAX_SAFE_INTEGER),
      pageSize: parseNumber(query, "pageSize", 10, MAX_PAGE_SIZE),
      get: (path) =>
        fetchUpstream(send, { url: base + path, method: "GET", key, body: undefined, signal, timeout }),
      download: (url) => download(send, url, signal, timeout),
      report,
    });
  }

  async #fingerprint({ call, body }: AllowedRequest): Promise<string> {
    const { operation, target } = call;
    const parts = [operation.method, this.#options.base + target, body ? await digest(body) : ""];
    return digest(JSON.stringify(parts));
  }

  #timeout({ operation }: Call): number {
    return this.#options.timeout ?? operation.timeout;
  }
}
