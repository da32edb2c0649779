// What bounds the wait of one call for the WebAssembly: its signal and its time limits.
import { ABORTED, pause, TIMED_OUT, VALUE, wait } from "engine";
import type { LoadError } from "../generated/errors.js";
import { loadError } from "./file.js";

/** Limits of the wait for the WebAssembly, as in `RequestOptions`. */
export interface LoadLimits {
  /** Ends the wait at once; the promise rejects with the signal's `reason`. */
  signal?: AbortSignal | undefined;
  /**
   * Longest time for one request, in milliseconds.
   * @defaultValue 60,000
   */
  timeout?: number | undefined;
  /**
   * Longest time for all requests and the delays between them, in milliseconds.
   * @defaultValue no limit
   */
  totalTimeout?: number | undefined;
  /**
   * Most requests after the first one: a lost connection, a time limit and a 5xx are retried. A source that was given is
   * not.
   * @defaultValue 2
   */
  maxRetries?: number | undefined;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_RETRIES = 2;
/** An id that the WebAssembly does not cancel. */
const OF_NO_RUST = -1;
/** Longest delay before the first retry, in milliseconds. It doubles with each, as in crates/core/src/policy/retry.rs. */
const BACKOFF_MS = 500;

/** @internal */
export class Wait {
  readonly maxRetries: number;
  readonly #timeoutMs: number;
  readonly #totalMs: number;
  readonly #signal: AbortSignal | undefined;
  readonly #beganMs = performance.now();

  /** Options that are invalid are refused by the call itself, once it can be made. */
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

  /** Resolves as `promise` does, unless the signal or a limit ends the wait first. */
  until<Value>(promise: Promise<Value>): Promise<Value> {
    const leftMs = this.#totalMs - this.#elapsedMs;
    return leftMs < this.#timeoutMs
      ? this.#bounded(promise, leftMs, () => this.#ranOut("totalTimeout", this.#totalMs))
      : this.#bounded(promise, this.#timeoutMs, () => this.#ranOut("timeout", this.#timeoutMs));
  }

  /** Waits before a retry. Resolves to false, at once, if the retry would begin too late. */
  backOff(retries: number): Promise<boolean> {
    const delayMs = Math.random() * BACKOFF_MS * 2 ** Math.min(retries, 4);
    if (this.#elapsedMs + delayMs >= this.#totalMs) return Promise.resolve(false);
    return new Promise((resolve, reject) => {
      const end = (_: number, how: number, reason: unknown) => {
        if (how === ABORTED) reject({ aborted: reason });
        else resolve(true);
      };
      pause(end, OF_NO_RUST, this.#signal, delayMs);
    });
  }

  #ranOut(limit: "timeout" | "totalTimeout", ms: number): LoadError {
    return loadError("timeout", `not loaded within ${ms} ms, the ${limit}`, {
      limit,
      elapsed: this.#elapsedMs,
    });
  }

  #bounded<Value>(promise: Promise<Value>, ms: number, ranOut: () => LoadError): Promise<Value> {
    return new Promise<Value>((resolve, reject) => {
      const end = (_: number, how: number, result: unknown) => {
        if (how === VALUE) resolve(result as Value);
        else reject(how === ABORTED ? { aborted: result } : how === TIMED_OUT ? ranOut() : result);
      };
      wait(end, OF_NO_RUST, promise, this.#signal, ms);
    });
  }
}

function limit(given: unknown, otherwise: number): number {
  return typeof given === "number" && given >= 0 ? given : otherwise;
}
