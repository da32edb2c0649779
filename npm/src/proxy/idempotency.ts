import { collect, joinBody } from "./body.js";
import { UUID } from "./call.js";
import { digest } from "./digest.js";
import { HttpError } from "./http-error.js";
import { duration, timeToLive } from "./options.js";
import { type ProxyStore, STORE_TIMEOUT, Store } from "./store.js";
import { gatewayError } from "./upstream.js";

/** How requests with an `Idempotency-Key` are stored. */
export interface IdempotencyOptions {
  /**
   * Where keys and responses are stored. The default is lost on restart and not shared between processes, so that a request
   * could run twice.
   * @defaultValue `memoryStore()`
   */
  store?: ProxyStore | undefined;
  /**
   * How long a key and its response are stored, in milliseconds.
   * @defaultValue 86,400,000, a day
   */
  ttl?: number | undefined;
  /**
   * Maximum size of a stored response, in bytes. A larger one is returned once; a repeat gets 409.
   * @defaultValue 10,485,760
   */
  maxResponseBytes?: number | undefined;
  /**
   * Time after which an instance that has stopped renewing its lease on a running request counts as terminated, in
   * milliseconds. The lease is renewed three times within this time.
   * @defaultValue 15,000
   */
  lease?: number | undefined;
  /**
   * Timeout of one store operation, in milliseconds.
   * @defaultValue 5,000
   */
  storeTimeout?: number | undefined;
}

/**
 * A request with an idempotency key.
 * @internal
 */
export interface KeyedRequest {
  /** Undefined: the one anonymous user. */
  user: string | undefined;
  key: string;
  /** Digest of method, URL and body, which must be equal in all requests with the key. */
  fingerprint: string;
  /** Whether only the stored response is requested. An unused key is then voided: nothing runs with it later. */
  replayOnly: boolean;
  /** Timeout of the request to the cloud, in milliseconds. */
  timeout: number;
  /** Aborted when the caller disconnects. Ends only the wait for another request with the key. */
  signal: AbortSignal;
  /** Called with errors that the caller does not see. */
  report: (error: unknown) => void;
}

/** The stored state of a key. Written only by the request that claimed the key. */
type KeyState =
  | { state: "running"; fingerprint: string; run: string }
  | { state: "lost"; fingerprint: string }
  | { state: "void"; fingerprint: string }
  | { state: "done"; fingerprint: string; status: number; type: string | null; body: string };

const REPLAY_ONLY = "idempotency-replay-only";

/**
 * Whether a request asks only for the stored response of its key. A client sends it after a reload, when it has the key but
 * no longer the body.
 * @internal
 */
export function isReplayOnly({ headers }: Request): boolean {
  return headers.get(REPLAY_ONLY) === "?1";
}

/** A key claimed by this request. */
interface Claim {
  record: string;
  /** The stored value. */
  value: string;
  lease: string;
  /** Time just before the claim. */
  claimedAt: number;
}

const DAY = 86_400_000;
const MAX_RESPONSE_BYTES = 10 << 20;
const LEASE = 15_000;
/** First and longest delay between two polls of the store, in milliseconds. */
const MIN_POLL_DELAY = 50;
const MAX_POLL_DELAY = 1_000;
/** Time beyond `timeout` that a repeat waits for the first request, in milliseconds. */
const REPEAT_MARGIN = 5_000;

/**
 * Reads the idempotency key of a request. It may be quoted, as in the IETF draft.
 * @internal
 */
export function readIdempotencyKey({ headers }: Request): string | undefined {
  const value = headers.get("idempotency-key");
  if (value === null) return undefined;
  const key = value.replace(/^"(.*)"$/, "$1");
  if (!UUID.test(key)) throw new HttpError(400, "Idempotency-Key must be a UUID");
  return key.toLowerCase();
}

/**
 * Runs each request with an idempotency key once, across all instances of the proxy.
 *
 * A key is claimed by `setIfAbsent` before anything is sent, and deleted only if nothing can have run. The running instance
 * renews a lease. It only tells other instances whether to wait: an expired lease never allows a second run.
 * @internal
 */
export class Idempotency {
  readonly #store: Store;
  readonly #ttl: number;
  readonly #lease: number;
  readonly #mostBytes: number;

  constructor(options: IdempotencyOptions & { store: ProxyStore }) {
    const { store, storeTimeout = STORE_TIMEOUT, ttl = DAY, lease = LEASE } = options;
    const { maxResponseBytes = MAX_RESPONSE_BYTES } = options;
    if (!(maxResponseBytes >= 0))
      throw new TypeError("idempotency.maxResponseBytes must be a number of bytes");
    this.#store = new Store(store, duration("idempotency.storeTimeout", storeTimeout));
    this.#ttl = timeToLive("idempotency.ttl", ttl);
    this.#lease = duration("idempotency.lease", lease);
    this.#mostBytes = maxResponseBytes;
  }

  /** Runs the request, or returns the response to the first request with the key. */
  async respond(request: KeyedRequest, send: () => Promise<Response>): Promise<Response> {
    const { user = null, key, fingerprint, signal } = request;
    // Keys are scoped to users, and hashed so that the store contains no user ids.
    const name = await digest(JSON.stringify([user, key]));
    const [record, lease] = [`idempotency/${name}`, `lease/${name}`];
    const end = Date.now() + request.timeout + REPEAT_MARGIN;
    for (let delay = MIN_POLL_DELAY; ; delay = Math.min(delay * 2, MAX_POLL_DELAY)) {
      const state = await this.#store.get(record).catch(storeUnavailable);
      if (state === undefined && request.replayOnly) {
        const unused: KeyState = { state: "void", fingerprint };
        const isClaimed = await this.#store
          .claim(record, JSON.stringify(unused), this.#ttl)
          .catch(storeUnavailable);
        if (isClaimed) throw unknownKey();
      } else if (state === undefined) {
        const claim = await this.#claim(record, lease, request).catch(storeUnavailable);
        if (claim) return this.#run(claim, request, send);
      } else {
        const response = await this.#repeat(state, record, lease, request).catch(storeUnavailable);
        if (response) return response;
      }
      if (Date.now() > end || signal.aborted) throw stillRunning();
      await wait(delay, signal);
    }
  }

  async #claim(record: string, lease: string, request: KeyedRequest): Promise<Claim | undefined> {
    const { fingerprint, timeout } = request;
    const run = crypto.randomUUID();
    const running: KeyState = { state: "running", fingerprint, run };
    const value = JSON.stringify(running);
    // Set before the key: a running key without a lease counts as lost.
    await this.#store.set(lease, run, this.#lease);
    const claimedAt = Date.now();
    try {
      // Plus `timeout`: a key must not expire before its request has ended.
      const isClaimed = await this.#store.claim(record, value, this.#ttl + timeout);
      return isClaimed ? { record, value, lease, claimedAt } : undefined;
    } catch (error) {
      // The key may have been set although nothing was sent: free it.
      this.#store.delete(record, value).catch(() => {});
      throw error;
    }
  }

  /** Returns the response to a repeat; undefined while the first request is running. */
  async #repeat(
    text: string,
    record: string,
    lease: string,
    { fingerprint, replayOnly }: KeyedRequest,
  ): Promise<Response | undefined> {
    const stored = JSON.parse(text) as KeyState;
    if (stored.state === "void") throw unknownKey();
    if (stored.fingerprint !== fingerprint && !replayOnly)
      throw new HttpError(422, "This Idempotency-Key was used with another request: use a new one");
    if (stored.state === "done") return replay(stored);
    if (stored.state === "running") {
      if ((await this.#store.get(lease)) !== undefined) return undefined;
      // The response may have been stored in between.
      if ((await this.#store.get(record)) !== text) return undefined;
    }
    throw new HttpError(409, "This Idempotency-Key was used, and its response is lost", {
      maybeExecuted: true,
    });
  }

  async #run(claim: Claim, request: KeyedRequest, send: () => Promise<Response>): Promise<Response> {
    const { lease, value } = claim;
    const renew = () => void this.#store.set(lease, value, this.#lease).catch(request.report);
    const renewal = setInterval(renew, this.#lease / 3);
    try {
      return await this.#outcome(claim, request, send);
    } finally {
      clearInterval(renewal);
    }
  }

  async #outcome(claim: Claim, request: KeyedRequest, send: () => Promise<Response>): Promise<Response> {
    // After the machine was suspended, the key may have expired and belong to another request.
    if (Date.now() - claim.claimedAt >= this.#ttl) throw storeUnavailable(new Error("The key has expired"));
    let response: Response;
    try {
      response = await send();
    } catch (error) {
      const isUnsent = error instanceof HttpError && error.options.maybeExecuted === false;
      if (!isUnsent) return this.#storeLoss(claim, request, error);
      await this.#free(claim, request);
      throw error;
    }
    if (provesNothingRan(response.status)) {
      await this.#free(claim, request);
      return response;
    }
    const { status, headers } = response;
    try {
      const partial = await collect(response.body, this.#mostBytes);
      const body = partial.rest ? undefined : decodeUtf8(partial.bytes);
      const type = headers.get("content-type");
      const { fingerprint } = request;
      if (body === undefined) await this.#save(claim, request, { state: "lost", fingerprint });
      else await this.#save(claim, request, { state: "done", fingerprint, status, type, body });
      return new Response(response.body && joinBody(partial), { status, headers });
    } catch (error) {
      return this.#storeLoss(claim, request, error);
    }
  }

  /** Stores and throws a gateway error: the response was lost. */
  async #storeLoss(claim: Claim, request: KeyedRequest, error: unknown): Promise<never> {
    const reason = error instanceof HttpError ? error.options.reason : error;
    const lost = gatewayError(reason, { maybeExecuted: true });
    const { status, body } = lost;
    const { fingerprint } = request;
    await this.#save(claim, request, { state: "done", fingerprint, status, type: "application/json", body });
    throw lost;
  }

  /** Never rejects: the caller gets the response in any case. If saving fails, the key stays running without a lease. */
  async #save({ record }: Claim, request: KeyedRequest, state: KeyState): Promise<void> {
    try {
      await this.#store.set(record, JSON.stringify(state), this.#ttl);
    } catch (error) {
      request.report(error);
    }
  }

  async #free({ record, value }: Claim, { report }: KeyedRequest): Promise<void> {
    await this.#store.delete(record, value).catch(report);
  }
}

/**
 * Whether a status proves that the cloud rejected a request before it ran. 408, 499 and 5xx do not: gateways send them for
 * requests that they may have forwarded.
 */
function provesNothingRan(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 499;
}

function replay({ status, type, body }: KeyState & { state: "done" }): Response {
  const headers = new Headers({
    "cache-control": "no-store",
    "idempotency-replayed": "true",
    "x-content-type-options": "nosniff",
  });
  if (type !== null) headers.set("content-type", type);
  // Responses with 204 and 205 must have a null body.
  return new Response(body === "" ? null : body, { status, headers });
}

function unknownKey(): HttpError {
  const detail = "No request with this Idempotency-Key arrived in time, and the key is no longer accepted";
  return new HttpError(404, detail, { maybeExecuted: false });
}

function stillRunning(): HttpError {
  const headers = { "retry-after": "1" };
  const detail = "The first request with this Idempotency-Key is still running";
  return new HttpError(409, detail, { headers, maybeExecuted: true });
}

/** Maps a failure of the store to a 503. Rethrows an `HttpError`. */
function storeUnavailable(reason: unknown): never {
  if (reason instanceof HttpError) throw reason;
  const headers = { "retry-after": "1" };
  const detail =
    "The store of idempotency keys failed: this request was not sent. Retry it with the same key";
  throw new HttpError(503, detail, { reason, headers });
}

/** Decodes UTF-8; undefined if the bytes are invalid. */
function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Waits for a time, or until the signal is aborted. */
function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener("abort", end);
  });
}
