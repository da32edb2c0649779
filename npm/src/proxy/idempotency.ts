import { collect, restored } from "./body.js";
import { UUID } from "./call.js";
import { digest } from "./digest.js";
import { duration, timeToLive } from "./options.js";
import { Refusal } from "./refusal.js";
import { type ProxyStore, STORE_TIMEOUT, Store } from "./store.js";
import { lost } from "./upstream.js";

/** How requests with an `Idempotency-Key` are kept. */
export interface IdempotencyOptions {
  /**
   * Where. The default forgets everything at a restart and is not shared between processes: a key could then run twice.
   * @defaultValue `memoryStore()`
   */
  store?: ProxyStore | undefined;
  /**
   * How long a key and its response are kept, in milliseconds.
   * @defaultValue 86,400,000, a day
   */
  ttl?: number | undefined;
  /**
   * Longest response that is kept, in bytes. A longer one is passed on once; a repeat gets 409.
   * @defaultValue 10,485,760
   */
  maxResponseBytes?: number | undefined;
  /**
   * After how long without a sign of life the instance that runs a request counts as ended, in milliseconds. It gives
   * three signs in that time.
   * @defaultValue 15,000
   */
  lease?: number | undefined;
  /**
   * Longest that one operation of the store may take, in milliseconds.
   * @defaultValue 5,000
   */
  storeTimeout?: number | undefined;
}

/**
 * One request with a key.
 * @internal
 */
export interface KeyedRequest {
  /** Undefined: the one anonymous user. */
  user: string | undefined;
  key: string;
  /** What the same key must come with again: a digest of method, address and body. */
  fingerprint: string;
  /** Whether only the kept response is requested: then nothing runs under the key, now or later. */
  replayOnly: boolean;
  /** Longest that the cloud may take, in milliseconds. */
  timeout: number;
  /** Aborted when the caller has left. Ends only the waiting for another request. */
  signal: AbortSignal;
  /** Called with what the caller is not told. */
  report: (error: unknown) => void;
}

/** What is kept under a key. It is written by the one request that has set it, and by no other. */
type Kept =
  | { state: "running"; fingerprint: string; run: string }
  | { state: "lost"; fingerprint: string }
  | { state: "void"; fingerprint: string }
  | { state: "done"; fingerprint: string; status: number; type: string | null; body: string };

const REPLAY_ONLY = "idempotency-replay-only";

/**
 * Whether a request is for the kept response of its key only. A client sends it after a reload, when it has the key and not
 * the body.
 * @internal
 */
export function isReplayOnly({ headers }: Request): boolean {
  return headers.get(REPLAY_ONLY) === "?1";
}

/** A key that this request has set. */
interface Claim {
  record: string;
  /** What it was set to. */
  value: string;
  lease: string;
  /** Before it was set. */
  claimedAt: number;
}

const DAY = 86_400_000;
const MAX_RESPONSE_BYTES = 10 << 20;
const LEASE = 15_000;
/** The first and the longest delay between two polls of the store, in milliseconds. */
const FIRST_POLL = 50;
const LONGEST_POLL = 1_000;
/** How much longer than the cloud a repeat waits for the first request, in milliseconds. */
const PATIENCE = 5_000;

/**
 * The key of a request, which may be quoted as the IETF draft has it.
 * @internal
 */
export function keyIn({ headers }: Request): string | undefined {
  const value = headers.get("idempotency-key");
  if (value === null) return undefined;
  const key = value.replace(/^"(.*)"$/, "$1");
  if (!UUID.test(key)) throw new Refusal(400, "Idempotency-Key must be a UUID");
  return key.toLowerCase();
}

/**
 * Runs a request with a key once, however often it comes and to whichever instance.
 *
 * A key is set by `setIfAbsent` before anything is sent, and is deleted only where it is proven that nothing ran. A lease
 * beside it, which the running instance renews, only tells others whether to wait: that it ran out lets nothing run again.
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

  /** Runs it, or responds as to the first request with the key. */
  async respond(request: KeyedRequest, send: () => Promise<Response>): Promise<Response> {
    const { user = null, key, fingerprint, signal } = request;
    // One user's key is not that of another, and no key of a store shows a user.
    const name = await digest(JSON.stringify([user, key]));
    const [record, lease] = [`idempotency/${name}`, `lease/${name}`];
    const end = Date.now() + request.timeout + PATIENCE;
    for (let delay = FIRST_POLL; ; delay = Math.min(delay * 2, LONGEST_POLL)) {
      const kept = await this.#store.get(record).catch(unavailable);
      if (kept === undefined && request.replayOnly) {
        const unused: Kept = { state: "void", fingerprint };
        const isOurs = await this.#store.claim(record, JSON.stringify(unused), this.#ttl).catch(unavailable);
        if (isOurs) throw unknownKey();
      } else if (kept === undefined) {
        const claim = await this.#claim(record, lease, request).catch(unavailable);
        if (claim) return this.#run(claim, request, send);
      } else {
        const response = await this.#repeated(kept, record, lease, request).catch(unavailable);
        if (response) return response;
      }
      if (Date.now() > end || signal.aborted) throw stillRunning();
      await wait(delay, signal);
    }
  }

  async #claim(record: string, lease: string, request: KeyedRequest): Promise<Claim | undefined> {
    const { fingerprint, timeout } = request;
    const run = crypto.randomUUID();
    const running: Kept = { state: "running", fingerprint, run };
    const value = JSON.stringify(running);
    // Before the key, or others would see a key whose instance has ended.
    await this.#store.set(lease, run, this.#lease);
    const claimedAt = Date.now();
    try {
      // Kept for the run too: a key must not expire before its request has ended.
      const isOurs = await this.#store.claim(record, value, this.#ttl + timeout);
      return isOurs ? { record, value, lease, claimedAt } : undefined;
    } catch (error) {
      // It may have been set. Nothing was sent, so the key may be used again.
      this.#store.delete(record, value).catch(() => {});
      throw error;
    }
  }

  /** The response to a repeat; undefined while the first request is running. */
  async #repeated(
    text: string,
    record: string,
    lease: string,
    { fingerprint, replayOnly }: KeyedRequest,
  ): Promise<Response | undefined> {
    const kept = JSON.parse(text) as Kept;
    if (kept.state === "void") throw unknownKey();
    if (kept.fingerprint !== fingerprint && !replayOnly)
      throw new Refusal(422, "This Idempotency-Key was used with another request: use a new one");
    if (kept.state === "done") return replay(kept);
    if (kept.state === "running") {
      if ((await this.#store.get(lease)) !== undefined) return undefined;
      // The response may have been kept in between.
      if ((await this.#store.get(record)) !== text) return undefined;
    }
    throw new Refusal(409, "This Idempotency-Key was used, and its response is lost", {
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
    // The machine was asleep: the key may have expired and be another request's.
    if (Date.now() - claim.claimedAt >= this.#ttl) throw unavailable(new Error("The key has expired"));
    let response: Response;
    try {
      response = await send();
    } catch (error) {
      const isUnsent = error instanceof Refusal && error.more.maybeExecuted === false;
      if (!isUnsent) return this.#lose(claim, request, error);
      await this.#free(claim, request);
      throw error;
    }
    if (provesThatNothingRan(response.status)) {
      await this.#free(claim, request);
      return response;
    }
    const { status, headers } = response;
    try {
      const collected = await collect(response.body, this.#mostBytes);
      const body = collected.rest ? undefined : textOf(collected.bytes);
      const type = headers.get("content-type");
      const { fingerprint } = request;
      if (body === undefined) await this.#keep(claim, request, { state: "lost", fingerprint });
      else await this.#keep(claim, request, { state: "done", fingerprint, status, type, body });
      return new Response(response.body && restored(collected), { status, headers });
    } catch (error) {
      return this.#lose(claim, request, error);
    }
  }

  /** Keeps that the response was lost on its way, and throws it. */
  async #lose(claim: Claim, request: KeyedRequest, error: unknown): Promise<never> {
    const reason = error instanceof Refusal ? error.more.reason : error;
    const refusal = lost(reason, { maybeExecuted: true });
    const { status, body } = refusal;
    const { fingerprint } = request;
    await this.#keep(claim, request, { state: "done", fingerprint, status, type: "application/json", body });
    throw refusal;
  }

  /** Never rejects: the caller gets the response in any case. A key that stays as it is will be one without a lease. */
  async #keep({ record }: Claim, request: KeyedRequest, kept: Kept): Promise<void> {
    try {
      await this.#store.set(record, JSON.stringify(kept), this.#ttl);
    } catch (error) {
      request.report(error);
    }
  }

  async #free({ record, value }: Claim, { report }: KeyedRequest): Promise<void> {
    await this.#store.delete(record, value).catch(report);
  }
}

/**
 * Whether the cloud has refused a request before it ran. Not so 408 and 499, with which gateways say that they did not wait
 * for the rest, nor any 5xx.
 */
function provesThatNothingRan(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 499;
}

function replay({ status, type, body }: Kept & { state: "done" }): Response {
  const headers = new Headers({
    "cache-control": "no-store",
    "idempotency-replayed": "true",
    "x-content-type-options": "nosniff",
  });
  if (type !== null) headers.set("content-type", type);
  // 204 and 205 have no body, not even an empty one.
  return new Response(body === "" ? null : body, { status, headers });
}

function unknownKey(): Refusal {
  const detail = "No request with this Idempotency-Key arrived in time, and none is accepted any more";
  return new Refusal(404, detail, { maybeExecuted: false });
}

function stillRunning(): Refusal {
  const headers = { "retry-after": "1" };
  const detail = "The first request with this Idempotency-Key is still running";
  return new Refusal(409, detail, { headers, maybeExecuted: true });
}

/** Says that the store has failed; what else is thrown goes on. */
function unavailable(reason: unknown): never {
  if (reason instanceof Refusal) throw reason;
  const headers = { "retry-after": "1" };
  const detail =
    "The store of idempotency keys failed: this request was not sent. Repeat it with the same key";
  throw new Refusal(503, detail, { reason, headers });
}

/** The text of a body; undefined if it is not UTF-8. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Waits, or until the signal is aborted. */
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
