// What bounds the wait of one call for the WebAssembly: its signal and its time limits.
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
   * Most requests after the first one: a lost connection, a time limit and a 5xx are retried.
   * @defaultValue 2
   */
  maxRetries?: number | undefined;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_RETRIES = 2;
/** Longest delay before the first retry, in milliseconds. It doubles with each, as in src/call/retry.rs. */
const BACKOFF_MS = 500;
/** Longer timers fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

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
      ? this.#race(promise, leftMs, () => this.#ranOut("totalTimeout", this.#totalMs))
      : this.#race(promise, this.#timeoutMs, () => this.#ranOut("timeout", this.#timeoutMs));
  }

  /** Waits before a retry. Resolves to false, at once, if the retry would begin too late. */
  async backOff(retries: number): Promise<boolean> {
    const delayMs = Math.random() * BACKOFF_MS * 2 ** Math.min(retries, 4);
    if (this.#elapsedMs + delayMs >= this.#totalMs) return false;
    return this.#race(new Promise<boolean>(() => {}), delayMs);
  }

  #ranOut(limit: "timeout" | "totalTimeout", ms: number): LoadError {
    return loadError("timeout", `not loaded within ${ms} ms, the ${limit}`, {
      limit,
      elapsed: this.#elapsedMs,
    });
  }

  /** Where the end of the time is no failure, it resolves to true. */
  #race<Value>(promise: Promise<Value>, ms: number, failure?: () => LoadError): Promise<Value> {
    const signal = this.#signal;
    return new Promise<Value>((resolve, reject) => {
      const stop = () => {
        // Old engines keep no reason.
        const { reason = new DOMException("This operation was aborted", "AbortError") } =
          signal as AbortSignal;
        settle(() => reject({ aborted: reason }));
      };
      const end = () => settle(() => (failure ? reject(failure()) : resolve(true as Value)));
      const timer = ms <= LONGEST_TIMER_MS ? setTimeout(end, Math.max(0, ms)) : undefined;
      const settle = (how: () => void) => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", stop);
        how();
      };
      signal?.addEventListener("abort", stop);
      if (signal?.aborted) stop();
      promise.then(
        (value) => settle(() => resolve(value)),
        (cause: unknown) => settle(() => reject(cause)),
      );
    });
  }
}

function limit(given: unknown, otherwise: number): number {
  return typeof given === "number" && given >= 0 ? given : otherwise;
}
