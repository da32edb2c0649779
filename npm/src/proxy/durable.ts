import type { ProxyStore } from "./store.js";

/** Binding of a Durable Object class in Cloudflare Workers. */
export interface DurableObjectNamespaceLike {
  /** Returns the id of the object with this name. */
  idFromName(name: string): unknown;
  /** Returns a stub of the object with this id. */
  // biome-ignore lint/suspicious/noExplicitAny: Cloudflare has its own type for ids.
  get(id: any): DurableObjectStubLike;
}

/** Stub of a Durable Object. */
export interface DurableObjectStubLike {
  /** Sends a request to the object. */
  fetch(url: string, init: { method: string; body: string }): Promise<DurableObjectResponseLike>;
}

/** Response of a Durable Object. */
export interface DurableObjectResponseLike {
  /** HTTP status. */
  readonly status: number;
  /** Reads the body. */
  text(): Promise<string>;
}

/** State that the runtime passes to the constructor of a Durable Object. */
export interface DurableObjectStateLike {
  /** Storage of the object. */
  readonly storage: DurableObjectStorageLike;
}

/** Storage of a Durable Object. */
export interface DurableObjectStorageLike {
  /** Gets the value of a key. */
  get(key: string): Promise<unknown>;
  /** Sets values. */
  put(entries: Record<string, unknown>): Promise<unknown>;
  /** Deletes a key. */
  delete(key: string): Promise<unknown>;
  /** Deletes everything. */
  deleteAll(): Promise<unknown>;
  /** Sets the alarm, as a Unix time in milliseconds. */
  setAlarm(time: number): Promise<unknown>;
}

interface Operation {
  name: "get" | "set" | "setIfAbsent" | "delete";
  value?: string;
  ttl?: number;
}

/** Value of the key `"head"`. The stored string itself is split into parts. */
interface Head {
  expires: number;
  parts: number;
}

/** Characters per part. At two bytes each, below the limit of 131,072 bytes per value. */
const PART_LENGTH = 60_000;
/** Maximum number of keys per `put`. */
const MAX_PUT_KEYS = 128;

/**
 * Returns a store in Cloudflare Durable Objects, one object per key. The Worker must export `ProxyStoreObject` and bind it.
 *
 * @example
 * const store = durableObjectStore(env.PROXY_STORE); // `import { env } from "cloudflare:workers"`
 */
export function durableObjectStore(namespace: DurableObjectNamespaceLike): ProxyStore {
  const send = async (key: string, operation: Operation): Promise<unknown> => {
    const object = namespace.get(namespace.idFromName(key));
    // The host is ignored.
    const response = await object.fetch("https://store/", {
      method: "POST",
      body: JSON.stringify(operation),
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`The Durable Object responded with ${response.status}`);
    return JSON.parse(text);
  };
  return {
    get: (key) => send(key, { name: "get" }) as Promise<string | null>,
    set: (key, value, ttl) => send(key, { name: "set", value, ttl }),
    setIfAbsent: (key, value, ttl) => send(key, { name: "setIfAbsent", value, ttl }) as Promise<boolean>,
    delete: (key, value) => send(key, { name: "delete", value }),
  };
}

/**
 * Durable Object that stores one key for `durableObjectStore`. Its input gate makes each operation atomic. An alarm deletes
 * the expired value.
 */
export class ProxyStoreObject {
  readonly #storage: DurableObjectStorageLike;

  /** Called by the runtime. */
  constructor(state: DurableObjectStateLike) {
    this.#storage = state.storage;
  }

  /** Called by the store. */
  async fetch(request: { json(): Promise<unknown> }): Promise<Response> {
    const { name, value = "", ttl = 0 } = (await request.json()) as Operation;
    return Response.json(await this.#apply(name, value, ttl));
  }

  /** Called by the runtime when the value has expired. */
  async alarm(): Promise<void> {
    const head = await this.#head();
    if (head && head.expires > Date.now()) await this.#storage.setAlarm(head.expires);
    else await this.#storage.deleteAll();
  }

  async #apply(name: Operation["name"], value: string, ttl: number): Promise<string | boolean | null> {
    const head = await this.#head();
    switch (name) {
      case "get":
        return head ? this.#read(head) : null;
      case "set":
        await this.#write(value, ttl);
        return true;
      case "setIfAbsent":
        if (!head) await this.#write(value, ttl);
        return !head;
      case "delete":
        if (head && (await this.#read(head)) === value) await this.#storage.delete("head");
        return true;
    }
  }

  async #head(): Promise<Head | undefined> {
    const head = (await this.#storage.get("head")) as Head | undefined;
    return head && head.expires > Date.now() ? head : undefined;
  }

  async #read({ parts }: Head): Promise<string> {
    const read = Array.from({ length: parts }, (_, part) => this.#storage.get(`part${part}`));
    return (await Promise.all(read)).join("");
  }

  async #write(value: string, ttl: number): Promise<void> {
    const parts = Math.ceil(value.length / PART_LENGTH);
    const head: Head = { expires: Date.now() + ttl, parts };
    const entries: Array<[string, unknown]> = [["head", head]];
    for (let part = 0; part < parts; part += 1)
      entries.push([`part${part}`, value.slice(part * PART_LENGTH, (part + 1) * PART_LENGTH)]);
    // Writes without an `await` between them are one transaction.
    const writes: Array<Promise<unknown>> = [this.#storage.setAlarm(head.expires)];
    for (let first = 0; first < entries.length; first += MAX_PUT_KEYS)
      writes.push(this.#storage.put(Object.fromEntries(entries.slice(first, first + MAX_PUT_KEYS))));
    await Promise.all(writes);
  }
}
