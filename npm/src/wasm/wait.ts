// Bounds how long one call waits for the WebAssembly: by its signal and timeouts.
import { ABORTED, pause, TIMED_OUT, VALUE, wait } from "transport/wait.js";
import type { LoadError } from "../generated/errors.js";
import { loadError } from "./file.js";

/** Limits for loading the WebAssembly, as in `RequestOptions`. */
export interface LoadLimits {
  /** Aborts the wait; the promise rejects with the signal's `reason`. */
  signal?: AbortSignal | undefined;
  /**
   * Timeout of one request, in milliseconds.
   * @defaultValue 60,000
   */
  timeout?: number | undefined;
  /**
   * Timeout of all requests and the delays between them, in milliseconds.
   * @defaultValue no limit
   */
  totalTimeout?: number | undefined;
  /**
   * Maximum number of retries after a lost connection, a timeout or a 5xx. A `source` passed by the caller is not retried.
   * @defaultValue 2
   */
  maxRetries?: number | undefined;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_RETRIES = 2;
/** Id of waits that do not belong to the WebAssembly, which cancels waits by id. */
const NO_WASM_ID = -1;
/** Longest delay before the first retry, in milliseconds. Doubles with each retry, as in crates/core/src/policy/retry_delay.rs. */
const BACKOFF_MS = 500;

/** @internal */
export class Wait {
  readonly maxRetries: number;
  readonly #timeoutMs: number;
  readonly #totalMs: number;
  readonly #signal: AbortSignal | undefined;
  readonly #beganMs = performance.now();

  /** Ignores invalid options: the call itself rejects them after loading. */
  constructor({ signal, timeout, totalTimeout, maxRetries }: LoadLimits) {
    this.#signal = typeof signal?.addEventListener === "function" ? signal : undefined;
    this.#timeoutMs = limit(timeout, DEFAULT_TIMEOUT_MS);
    this.#totalMs = limit(totalTimeout, Number.POSITIVE_INFINITY);
    this.maxRetries = limit(maxRetries, DEFAULT_RETRIES);
  }

  get #elapsedMs(): number {
    return performance.now() - this.#beganMs;
  }

  get isOver(): boolean {
    return this.#elapsedMs >= this.#totalMs;
  }

  /** Settles as `promise` does, unless the signal or a timeout ends the wait first. */
  until<Value>(promise: Promise<Value>): Promise<Value> {
    const leftMs = this.#totalMs - this.#elapsedMs;
    return leftMs < this.#timeoutMs
      ? this.#bounded(promise, leftMs, () => this.#timeoutError("totalTimeout", this.#totalMs))
      : this.#bounded(promise, this.#timeoutMs, () => this.#timeoutError("timeout", this.#timeoutMs));
  }

  /** Waits before a retry. Resolves to false immediately if the retry would start after `totalTimeout`. */
  backOff(retries: number): Promise<boolean> {
    const delayMs = Math.random() * BACKOFF_MS * 2 ** Math.min(retries, 4);
    if (this.#elapsedMs + delayMs >= this.#totalMs) return Promise.resolve(false);
    return new Promise((resolve, reject) => {
      const end = (_: number, how: number, reason: unknown) => {
        if (how === ABORTED) reject({ aborted: reason });
        else resolve(true);
      };
      pause(end, NO_WASM_ID, this.#signal, delayMs);
    });
  }

  #timeoutError(limit: "timeout" | "totalTimeout", ms: number): LoadError {
    return loadError("timeout", `not loaded within ${ms} ms, the ${limit}`, {
      limit,
      elapsed: this.#elapsedMs,
    });
  }

  #bounded<Value>(promise: Promise<Value>, ms: number, timedOut: () => LoadError): Promise<Value> {
    return new Promise<Value>((resolve, reject) => {
      const end = (_: number, how: number, result: unknown) => {
        if (how === VALUE) resolve(result as Value);
        else reject(how === ABORTED ? { aborted: result } : how === TIMED_OUT ? timedOut() : result);
      };
      wait(end, NO_WASM_ID, promise, this.#signal, ms);
    });
  }
}

function limit(given: unknown, fallback: number): number {
  return typeof given === "number" && given >= 0 ? given : fallback;
}
