import type { ProxyStore } from "./store.js";

/** Sends one command to Redis and returns its reply. */
export type RedisSend = (command: string, ...args: string[]) => Promise<unknown>;

/** Options of a store in Redis. */
export interface RedisStoreOptions {
  /**
   * Prefix of every key.
   * @defaultValue `"browser-use-skills:"`
   */
  prefix?: string | undefined;
}

const DELETE_IF_EQUAL =
  'if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) else return 0 end';

/**
 * Returns a store in Redis, using your Redis client. The server must not evict keys (`maxmemory-policy noeviction`).
 *
 * @example
 * const nodeRedis = redisStore((...args) => redis.sendCommand(args));
 * const ioredis = redisStore((command, ...args) => redis.call(command, ...args));
 */
export function redisStore(send: RedisSend, options: RedisStoreOptions = {}): ProxyStore {
  const { prefix = "browser-use-skills:" } = options;
  const set = async (key: string, value: string, ttl: number, ...conditions: string[]) => {
    const reply = await send("SET", prefix + key, value, "PX", String(Math.ceil(ttl)), ...conditions);
    if (reply === null) return false;
    if (String(reply) !== "OK") throw new Error("Redis responded to SET with neither OK nor null");
    return true;
  };
  return {
    async get(key) {
      const reply = await send("GET", prefix + key);
      return reply === null ? null : String(reply);
    },
    set: (key, value, ttl) => set(key, value, ttl),
    setIfAbsent: (key, value, ttl) => set(key, value, ttl, "NX"),
    delete: (key, value) => send("EVAL", DELETE_IF_EQUAL, "1", prefix + key, value),
  };
}
