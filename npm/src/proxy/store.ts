/**
 * Key-value storage that all instances of a proxy share, with a time to live for each key. Use `memoryStore`, `redisStore`,
 * `durableObjectStore` or your own.
 *
 * `setIfAbsent` and `delete` must be atomic across processes. A store must not evict a key before its time to live has
 * passed: a request whose idempotency key is lost can run twice.
 */
export interface ProxyStore {
  /** Returns the value of a key; null or undefined if there is none. */
  get(key: string): string | null | undefined | PromiseLike<string | null | undefined>;
  /** Sets a value that expires after `ttl` milliseconds. */
  set(key: string, value: string, ttl: number): unknown;
  /** Atomically sets a value if the key has none. Returns whether it was set. */
  setIfAbsent(key: string, value: string, ttl: number): boolean | PromiseLike<boolean>;
  /** Atomically deletes a key if it has this value. */
  delete(key: string, value: string): unknown;
}

/**
 * Default timeout of one store operation, in milliseconds.
 * @internal
 */
export const STORE_TIMEOUT = 5_000;

/**
 * Wraps a store passed by the caller: validates its results and adds a timeout to each operation.
 * @internal
 */
export class Store {
  readonly #store: ProxyStore;
  readonly #timeout: number;

  constructor(store: ProxyStore, timeout: number) {
    for (const name of ["get", "set", "setIfAbsent", "delete"] as const)
      if (typeof store[name] !== "function") throw new TypeError(`store.${name} must be a function`);
    this.#store = store;
    this.#timeout = timeout;
  }

  async get(key: string): Promise<string | undefined> {
    const value = await this.#within(() => this.#store.get(key));
    if (typeof value !== "string" && value !== null && value !== undefined)
      throw new TypeError("store.get must return a string, null or undefined");
    return value ?? undefined;
  }

  async set(key: string, value: string, ttl: number): Promise<void> {
    await this.#within(() => this.#store.set(key, value, ttl));
  }

  /** Sets a key if it has no value. Returns whether it has this value now: an adapter may have retried `setIfAbsent`. */
  async claim(key: string, value: string, ttl: number): Promise<boolean> {
    const isSet = await this.#within(() => this.#store.setIfAbsent(key, value, ttl));
    if (typeof isSet !== "boolean") throw new TypeError("store.setIfAbsent must return true or false");
    return isSet || (await this.get(key)) === value;
  }

  async delete(key: string, value: string): Promise<void> {
    await this.#within(() => this.#store.delete(key, value));
  }

  async #within<T>(operation: () => T | PromiseLike<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const timedOut = new Promise<never>((_, reject) => {
      const fail = () => reject(new Error(`The store did not respond within ${this.#timeout} ms`));
      timer = setTimeout(fail, this.#timeout);
    });
    try {
      return await Promise.race([operation(), timedOut]);
    } finally {
      clearTimeout(timer);
    }
  }
}
