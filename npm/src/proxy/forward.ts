import { overheard } from "./body.js";
import { type Call, numberIn } from "./call.js";
import { digest } from "./digest.js";
import { type Executions, MOST_BYTES } from "./executions.js";
import type { Idempotency } from "./idempotency.js";
import { Refusal } from "./refusal.js";
import { ask, download, type ProxyFetch } from "./upstream.js";

/**
 * What forwards requests to the cloud.
 * @internal
 */
export interface ForwarderParts {
  send: ProxyFetch | undefined;
  /** The address of the API. */
  base: string;
  /** In milliseconds; by default that of the operation. */
  timeout: number | undefined;
  idempotency: Idempotency | undefined;
  executions: Executions;
}

/**
 * A request that is let through.
 * @internal
 */
export interface Admitted {
  call: Call;
  /** Undefined: the anonymous user. */
  user: string | undefined;
  idempotencyKey: string | undefined;
  /** Whether only the kept response of the key is requested. */
  replayOnly: boolean;
  body: Uint8Array<ArrayBuffer> | undefined;
  key: string | undefined;
  /** Aborted when the caller has left. */
  signal: AbortSignal;
  /** Called with what the caller is not told. */
  report: (error: unknown) => void;
}

const MAX_PAGE_SIZE = 100;
const EXECUTE = /\.execute$/;

/**
 * Forwards what is let through: with a key once, and executions only to the user who ran them.
 * @internal
 */
export class Forwarder {
  readonly #parts: ForwarderParts;

  constructor(parts: ForwarderParts) {
    this.#parts = parts;
  }

  async respond(admitted: Admitted): Promise<Response> {
    const { call, user, signal, idempotencyKey } = admitted;
    const { name } = call.operation;
    if (name === "skills.executions" || name === "skills.executionOutput") {
      if (user === undefined)
        throw new Refusal(403, `${name} needs a user: authorize must return the user's id, not true`);
      if (name === "skills.executions") return this.#list(admitted, user);
      await this.#parts.executions.check(user, call.executionId ?? "");
    }
    const { idempotency } = this.#parts;
    if (!idempotency || idempotencyKey === undefined) return this.#send(admitted, signal);
    const keyed = {
      user,
      key: idempotencyKey,
      fingerprint: await this.#fingerprint(admitted),
      replayOnly: admitted.replayOnly,
      timeout: this.#timeout(call),
      signal,
      report: admitted.report,
    };
    // Not the caller's signal: the caller may come back for the response.
    return idempotency.respond(keyed, () => this.#send(admitted, undefined));
  }

  async #send(admitted: Admitted, signal: AbortSignal | undefined): Promise<Response> {
    const { call, body, key, report } = admitted;
    const { operation, address } = call;
    const sentAt = Date.now();
    const timeout = this.#timeout(call);
    const sent = {
      address: this.#parts.base + address,
      method: operation.method,
      key,
      body,
      signal,
      timeout,
    };
    const response = await ask(this.#parts.send, sent);
    if (!response.ok || !response.body) return response;
    const onBreak = (error: unknown) => {
      if (!signal?.aborted) report(error);
    };
    const onEnd = EXECUTE.test(operation.name) ? this.#recorder(admitted, sentAt) : undefined;
    return new Response(overheard(response.body, { onEnd, onBreak, most: MOST_BYTES }), response);
  }

  #recorder({ call, user, report }: Admitted, sentAt: number) {
    const { skillId } = call;
    const { executions } = this.#parts;
    if (user === undefined || skillId === undefined || !executions.isUsed) return undefined;
    return (body: Uint8Array) => executions.record(user, skillId, sentAt, body).catch(report);
  }

  #list({ call, key, signal, report }: Admitted, user: string): Promise<Response> {
    const { send, base, executions } = this.#parts;
    const { skillId = "", query } = call;
    const timeout = this.#timeout(call);
    return executions.list({
      user,
      skillId,
      pageNumber: numberIn(query, "pageNumber", 1, Number.MAX_SAFE_INTEGER),
      pageSize: numberIn(query, "pageSize", 10, MAX_PAGE_SIZE),
      get: (path) =>
        ask(send, { address: base + path, method: "GET", key, body: undefined, signal, timeout }),
      download: (url) => download(send, url, signal, timeout),
      report,
    });
  }

  async #fingerprint({ call, body }: Admitted): Promise<string> {
    const { operation, address } = call;
    const parts = [operation.method, this.#parts.base + address, body ? await digest(body) : ""];
    return digest(JSON.stringify(parts));
  }

  #timeout({ operation }: Call): number {
    return this.#parts.timeout ?? operation.timeout;
  }
}
