import { Client } from "wasm-client";
import { instanceId, untilCrash } from "./crash.js";
import { defaultBaseUrl } from "./generated/operations.js";
import { Billing } from "./generated/resources.js";
import { type JournalStore, journalStore } from "./journal-store.js";
import { EXTRA, FIRST, isLoaded, linkParts, load, preload } from "./load.js";
import type {
  BrowserUseOptions,
  Call,
  ConcurrencyStats,
  RequestOptions,
  ResponsePromise,
  WithResponse,
} from "./options.js";
import type { ExecuteOptions } from "./recovery.js";
import { errorMapper } from "./reject.js";
import { warmUp } from "./warm-up.js";
import type { LoadLimits } from "./wasm/wait.js";

const IDLE: ConcurrencyStats = Object.freeze({ waiting: 0, running: 0 });

/**
 * The WebAssembly side of a client: loads the WebAssembly, creates the client in its current instance, and creates it again
 * after a crash.
 * @internal
 */
export class Bridge {
  readonly journal: JournalStore | undefined;
  readonly #options: BrowserUseOptions;
  readonly #listeners = new Set<() => void>();
  #client: Client | undefined;
  #instanceId = 0;
  #pending = IDLE;
  /** The client that has requested the plan's limit. */
  #planned: Client | undefined;

  constructor(options: BrowserUseOptions) {
    const { journal, baseUrl } = options;
    this.#options = options;
    this.journal = journal && journalStore(journal, baseUrl ?? defaultBaseUrl);
    if (options.preload !== false) preload(this.journal !== undefined, warmUp);
  }

  /** Calls an operation by its index in the table, with the values of its path and its input. */
  readonly call: Call = <Data>(
    operation: number,
    ids: unknown[],
    input: unknown,
    options: RequestOptions | undefined,
  ) => {
    const parts = this.journal || usesRecovery(options) ? EXTRA : FIRST;
    const use = (client: Client, begunAt: number) =>
      client.call(operation, ids, input, options, begunAt, parts === EXTRA) as Promise<ClientResponse<Data>>;
    return responsePromise(this.use(use, options, parts));
  };

  /**
   * Calls `use` with the client. Loads the parts of the WebAssembly that it needs first if necessary, within `limits`.
   * `begunAt` is the start of the call, from `performance.now()`. Rejections are not yet mapped to the library's error
   * classes.
   *
   * With a journal, the second part is always loaded: a new deployment of the site may remove it.
   */
  use<Value>(
    use: (client: Client, begunAt: number) => Promise<Value>,
    limits: LoadLimits | undefined,
    parts = this.journal ? EXTRA : FIRST,
  ): Promise<Value> {
    const begunAt = performance.now();
    const begin = () => untilCrash(() => use(this.#ready(), begunAt));
    return isLoaded(parts) ? begin() : load(loadLimits(limits, this.#options), parts).then(begin);
  }

  /** Number of queued and running calls. The object is replaced when the numbers change. */
  get pending(): ConcurrencyStats {
    const { waiting, running } = (this.#current?.pending() as ConcurrencyStats | undefined) ?? IDLE;
    if (waiting !== this.#pending.waiting || running !== this.#pending.running)
      this.#pending = Object.freeze({ waiting, running });
    return this.#pending;
  }

  /** Calls `listener` whenever `pending` has changed. Returns a function that unsubscribes. */
  subscribe(listener: () => void): () => void {
    // A function of its own: the same listener may be subscribed twice.
    const call = () => listener();
    this.#listeners.add(call);
    return () => void this.#listeners.delete(call);
  }

  /** Frees the client's memory in the WebAssembly. */
  free(): void {
    const client = this.#current;
    const id = this.#instanceId;
    this.#client = undefined;
    // Deferred: a listener, a custom `fetch` or a key function may call this while the WebAssembly uses the memory.
    queueMicrotask(() => {
      if (id === instanceId()) client?.free();
    });
  }

  /** The client in the current instance of the WebAssembly, if it has been created. */
  get #current(): Client | undefined {
    return this.#instanceId === instanceId() ? this.#client : undefined;
  }

  #ready(): Client {
    this.#client = this.#current ?? new Client(this.#options, this.journal, () => this.#notify());
    this.#instanceId = instanceId();
    linkParts();
    if (this.#options.maxConcurrent === "plan" && this.#planned !== this.#client)
      this.#followPlan(this.#client);
    return this.#client;
  }

  /**
   * Requests the plan's limit beside the first call: no call waits for it, is aborted with the call that asked, or fails
   * because the account cannot be read. Without a response, the next call asks again.
   */
  #followPlan(client: Client): void {
    this.#planned = client;
    new Billing(this.call).account().then(
      ({ rateLimit }) => {
        if (client === this.#current) client.setMaxConcurrent(rateLimit);
      },
      ({ status }) => {
        if (status === undefined) this.#planned = undefined;
      },
    );
  }

  #notify(): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener();
      } catch {
        // Errors of the caller's listener are ignored.
      }
    }
  }
}

/** Whether a call needs the second part of the WebAssembly. A throwing getter rejects the call later. */
function usesRecovery(options: ExecuteOptions | undefined): boolean {
  try {
    return Boolean(options?.recover);
  } catch {
    return false;
  }
}

/** What a call of the WebAssembly resolves to. */
interface ClientResponse<Data> {
  data: Data;
  response: () => WithResponse<Data>;
}

function responsePromise<Data>(pending: Promise<ClientResponse<Data>>): ResponsePromise<Data> {
  const mapError = errorMapper();
  const promise = pending.then(({ data }) => data, mapError);
  const withResponse = () => {
    // The caller handles a rejection on the returned promise.
    promise.catch(() => {});
    return pending.then(({ response }) => response(), mapError);
  };
  return Object.assign(promise, { withResponse });
}

/** The limits for loading the WebAssembly: those of the call, else those of the client. */
function loadLimits(given: LoadLimits | undefined, client: LoadLimits): LoadLimits {
  // JavaScript callers may pass null, as calls accept it.
  const call = given ?? {};
  return {
    signal: call.signal,
    timeout: call.timeout ?? client.timeout,
    totalTimeout: call.totalTimeout ?? client.totalTimeout,
    maxRetries: call.maxRetries ?? client.maxRetries,
  };
}
