import type { ProxyStore } from "./store.js";

/** Limits of a store in memory. */
export interface MemoryStoreOptions {
  /**
   * Maximum number of keys.
   * @defaultValue 100,000
   */
  maxKeys?: number | undefined;
  /**
   * Maximum size of all keys and values, in bytes, at two bytes per character.
   * @defaultValue 67,108,864
   */
  maxBytes?: number | undefined;
}

const MAX_KEYS = 100_000;
const MAX_BYTES = 64 << 20;

interface Entry {
  value: string;
  expires: number;
}

/**
 * Returns a store in the memory of one process. It is lost on restart and not shared with other processes.
 *
 * Never evicts a key before its time to live has passed. When the store is full, it throws, and the proxy responds with 503
 * to new requests with an idempotency key.
 */
export function memoryStore(options: MemoryStoreOptions = {}): ProxyStore {
  const { maxKeys = MAX_KEYS, maxBytes = MAX_BYTES } = options;
  if (!(maxKeys > 0)) throw new TypeError("maxKeys must be a number of keys");
  if (!(maxBytes > 0)) throw new TypeError("maxBytes must be a number of bytes");
  const entries = new Map<string, Entry>();
  let bytes = 0;
  /** Earliest expiry of all keys. */
  let sweepAt = Number.POSITIVE_INFINITY;

  const remove = (key: string, { value }: Entry) => {
    entries.delete(key);
    bytes -= sizeOf(key, value);
  };
  const sweep = () => {
    const now = Date.now();
    sweepAt = Number.POSITIVE_INFINITY;
    for (const [key, entry] of entries) {
      if (entry.expires <= now) remove(key, entry);
      else sweepAt = Math.min(sweepAt, entry.expires);
    }
  };
  const find = (key: string): Entry | undefined => {
    const entry = entries.get(key);
    if (!entry || entry.expires > Date.now()) return entry;
    remove(key, entry);
    return undefined;
  };
  const set = (key: string, value: string, ttl: number) => {
    const old = find(key);
    const isFull = () => {
      const grown = bytes + sizeOf(key, value) - (old ? sizeOf(key, old.value) : 0);
      return grown > maxBytes || (!old && entries.size >= maxKeys);
    };
    if (isFull() && sweepAt <= Date.now()) sweep();
    if (isFull()) throw new Error(`The store in memory is full: ${entries.size} keys, ${bytes} bytes`);
    if (old) remove(key, old);
    const expires = Date.now() + ttl;
    entries.set(key, { value, expires });
    bytes += sizeOf(key, value);
    sweepAt = Math.min(sweepAt, expires);
  };
  return {
    get: (key) => find(key)?.value,
    set,
    setIfAbsent(key, value, ttl) {
      if (find(key)) return false;
      set(key, value, ttl);
      return true;
    },
    delete(key, value) {
      const entry = find(key);
      if (entry?.value === value) remove(key, entry);
    },
  };
}

function sizeOf(key: string, value: string): number {
  return 2 * (key.length + value.length);
}
