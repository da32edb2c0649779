/**
 * Where a proxy keeps what its other instances, and the proxy after a restart, must know: strings with a time to live.
 * `memoryStore`, `redisStore` and `durableObjectStore` make one.
 *
 * Two of its operations must be atomic, also between processes: `setIfAbsent` and `delete`. A store must not remove a key
 * before its time to live is over: a forgotten idempotency key can run twice.
 */
export interface ProxyStore {
  /** The value of a key; null or undefined if there is none. */
  get(key: string): string | null | undefined | PromiseLike<string | null | undefined>;
  /** Sets a value, for `ttl` milliseconds from now. */
  set(key: string, value: string, ttl: number): unknown;
  /** The same if the key has no value; whether it was set. One atomic step. */
  setIfAbsent(key: string, value: string, ttl: number): boolean | PromiseLike<boolean>;
  /** Deletes a key if it has this value. One atomic step. */
  delete(key: string, value: string): unknown;
}

/**
 * Longest that one operation of a store may take, in milliseconds, by default.
 * @internal
 */
export const STORE_TIMEOUT = 5_000;

/**
 * A store of the user, each of whose operations resolves or rejects within a time limit.
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

  /** Whether the key has this value now: it was set, or had been before, as by a request that the adapter repeated. */
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
    const late = new Promise<never>((_, reject) => {
      const fail = () => reject(new Error(`The store did not respond within ${this.#timeout} ms`));
      timer = setTimeout(fail, this.#timeout);
    });
    try {
      return await Promise.race([operation(), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
