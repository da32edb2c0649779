import type { ProxyStore } from "./store.js";

/** The binding of a class of Durable Objects in Cloudflare Workers. */
export interface DurableObjectNamespaceLike {
  /** The id of the object with this name. */
  idFromName(name: string): unknown;
  /** The object with this id. */
  // biome-ignore lint/suspicious/noExplicitAny: Cloudflare's type of an id is its own.
  get(id: any): DurableObjectStubLike;
}

/** A Durable Object, as others call it. */
export interface DurableObjectStubLike {
  /** Sends it a request. */
  fetch(url: string, init: { method: string; body: string }): Promise<DurableObjectResponseLike>;
}

/** The response of a Durable Object. */
export interface DurableObjectResponseLike {
  /** The status. */
  readonly status: number;
  /** Reads the body. */
  text(): Promise<string>;
}

/** The state that a Durable Object is made with. */
export interface DurableObjectStateLike {
  /** Its storage. */
  readonly storage: DurableObjectStorageLike;
}

/** The storage of a Durable Object. */
export interface DurableObjectStorageLike {
  /** The value of a key. */
  get(key: string): Promise<unknown>;
  /** Sets values. */
  put(entries: Record<string, unknown>): Promise<unknown>;
  /** Deletes a key. */
  delete(key: string): Promise<unknown>;
  /** Deletes everything. */
  deleteAll(): Promise<unknown>;
  /** Sets the time of the alarm, in milliseconds. */
  setAlarm(time: number): Promise<unknown>;
}

interface Operation {
  name: "get" | "set" | "setIfAbsent" | "delete";
  value?: string;
  ttl?: number;
}

/** What is kept under "head"; the value itself is in parts. */
interface Head {
  expires: number;
  parts: number;
}

/** Characters in a part: at most 131,072 bytes, the limit of a value, at two bytes each. */
const PART = 60_000;
/** Most keys in one `put`. */
const MOST_KEYS = 128;

/**
 * A store in Cloudflare Durable Objects, one for each key. The Worker exports `ProxyStoreObject` and binds it.
 *
 * @example
 * const store = durableObjectStore(env.PROXY_STORE); // `import { env } from "cloudflare:workers"`
 */
export function durableObjectStore(namespace: DurableObjectNamespaceLike): ProxyStore {
  const ask = async (key: string, operation: Operation): Promise<unknown> => {
    const object = namespace.get(namespace.idFromName(key));
    // The host is not used: the request goes to the object.
    const response = await object.fetch("https://store/", {
      method: "POST",
      body: JSON.stringify(operation),
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`The Durable Object responded with ${response.status}`);
    return JSON.parse(text);
  };
  return {
    get: (key) => ask(key, { name: "get" }) as Promise<string | null>,
    set: (key, value, ttl) => ask(key, { name: "set", value, ttl }),
    setIfAbsent: (key, value, ttl) => ask(key, { name: "setIfAbsent", value, ttl }) as Promise<boolean>,
    delete: (key, value) => ask(key, { name: "delete", value }),
  };
}

/**
 * The Durable Object behind `durableObjectStore`: one key. Only one request at a time passes its storage, which makes each
 * operation atomic; an alarm deletes what has expired.
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
    const parts = Math.ceil(value.length / PART);
    const head: Head = { expires: Date.now() + ttl, parts };
    const entries: Array<[string, unknown]> = [["head", head]];
    for (let part = 0; part < parts; part += 1)
      entries.push([`part${part}`, value.slice(part * PART, (part + 1) * PART)]);
    // Writes without an `await` between them are one transaction.
    const writes: Array<Promise<unknown>> = [this.#storage.setAlarm(head.expires)];
    for (let first = 0; first < entries.length; first += MOST_KEYS)
      writes.push(this.#storage.put(Object.fromEntries(entries.slice(first, first + MOST_KEYS))));
    await Promise.all(writes);
  }
}
