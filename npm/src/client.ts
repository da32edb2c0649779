import { Client } from "wasm-client";
import { Marketplace, Skills } from "./generated/resources.js";
import { load, loaded, type WasmSource } from "./load.js";
import type { BrowserUseOptions, Call, RequestOptions } from "./options.js";
import { toError } from "./reject.js";

/**
 * A client of the skills of Browser Use Cloud.
 *
 * Making one does nothing yet: options are checked, and the WebAssembly is loaded, at the first call.
 *
 * @example
 * const client = new BrowserUse({ apiKey });
 * const { id } = await client.skills.create({ goal: "…", agentPrompt: "…" });
 */
export class BrowserUse {
  /** The skills of one's own project. */
  readonly skills: Skills;
  /** Skills that others have published. */
  readonly marketplace: Marketplace;
  readonly #options: BrowserUseOptions;
  #client: Client | undefined;

  constructor(options: BrowserUseOptions = {}) {
    this.#options = options;
    const call: Call = (operation, ids, input, given, caller) => {
      // Taken now, because an error that comes later cannot tell who made the call.
      const site: { stack?: string } = {};
      if (Error.captureStackTrace) Error.captureStackTrace(site, caller);
      else Object.assign(site, { stack: new Error().stack });
      return this.#call(operation, ids, input, given).catch((rejection: unknown) => {
        throw toError(rejection, site);
      }) as Promise<never>;
    };
    this.skills = new Skills(call);
    this.marketplace = new Marketplace(call);
  }

  /**
   * Loads the WebAssembly before the first call needs it, or from somewhere else than beside the script. Calling it
   * again does nothing.
   *
   * @throws {@link LoadError} It could not be loaded.
   */
  static load(source?: WasmSource | Promise<WasmSource>): Promise<void> {
    return load(source);
  }

  /**
   * Gives the client's memory in the WebAssembly back now, not when it is collected. Calls under way go on; a later
   * call takes new memory.
   */
  free(): void {
    this.#client?.free();
    this.#client = undefined;
  }

  async #call(operation: number, ids: unknown[], input: unknown, options?: RequestOptions): Promise<unknown> {
    if (!loaded()) await aborted(load(), options?.signal);
    this.#client ??= new Client(this.#options);
    return this.#client.call(operation, ids, input, options);
  }
}

/** Waits for a promise, or rejects as the wasm does when the signal is aborted first. */
async function aborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!(signal instanceof Object) || !("addEventListener" in signal)) return promise;
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () =>
      reject({ aborted: signal.reason ?? new DOMException("This operation was aborted", "AbortError") });
    signal.addEventListener("abort", stop);
  });
  if (signal.aborted) stop();
  try {
    await Promise.race([promise, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
