import { Client } from "wasm-client";
import { Marketplace } from "./generated/resources.js";
import { load, loaded, type WasmSource } from "./load.js";
import type {
  BrowserUseOptions,
  Call,
  RequestOptions,
  ResponseLike,
  ResponsePromise,
  WithResponse,
} from "./options.js";
import { toError } from "./reject.js";
import { Skill, type SkillOptions } from "./skill.js";
import { type Lend, Skills } from "./skills.js";

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
  readonly #lender: Lend;
  #client: Client | undefined;

  constructor(options: BrowserUseOptions = {}) {
    this.#options = options;
    const call: Call = <Data>(
      operation: number,
      ids: unknown[],
      input: unknown,
      given: RequestOptions | undefined,
      caller: (...parameters: never[]) => unknown,
    ) => {
      const use = (client: Client) => client.call(operation, ids, input, given) as Promise<Answered<Data>>;
      return withResponse(lend(use, given?.signal, caller));
    };
    const lend: Lend = (use, signal, caller) => {
      const site = callSite(caller);
      return this.#lend(use, signal).catch((rejection: unknown) => {
        throw toError(rejection, site);
      });
    };
    this.#lender = lend;
    this.skills = new Skills(call, lend);
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
   * A handle for one skill of one's own, that runs it like a function.
   *
   * @example
   * const titles = client.skill<{ limit: number }, string[]>(id);
   * const newest = await titles.run({ limit: 5 });
   */
  skill<Parameters extends object = Record<string, unknown>, Output = unknown>(
    skillId: string,
    options: SkillOptions<Output> = {},
  ): Skill<Parameters, Output> {
    return new Skill(skillId, this.skills, this.#lender, options);
  }

  /**
   * Gives the client's memory in the WebAssembly back now, not when it is collected. Calls under way go on; a later
   * call takes new memory.
   */
  free(): void {
    this.#client?.free();
    this.#client = undefined;
  }

  async #lend<Value>(
    use: (client: Client) => Promise<Value>,
    signal: AbortSignal | undefined,
  ): Promise<Value> {
    if (!loaded()) await aborted(load(), signal);
    this.#client ??= new Client(this.#options);
    return use(this.#client);
  }
}

/** What the wasm resolves to. */
interface Answered<Data> extends Omit<WithResponse<Data>, "headers"> {
  headers: ResponseLike["headers"] | undefined;
}

function withResponse<Data>(answered: Promise<Answered<Data>>): ResponsePromise<Data> {
  const promise = answered.then(({ data }) => data);
  return Object.assign(promise, {
    withResponse: () => {
      // Whoever asks this way handles a failure here.
      promise.catch(() => {});
      return answered.then((answer) => {
        const headers: Record<string, string> = {};
        answer.headers?.forEach?.((value, name) => {
          headers[name.toLowerCase()] = value;
        });
        return { ...answer, headers };
      });
    },
  });
}

/** Where a call is made. Taken at once, because an error that comes later cannot tell. */
function callSite(caller: (...parameters: never[]) => unknown): { stack?: string | undefined } {
  if (!Error.captureStackTrace) return { stack: new Error().stack };
  const site = {};
  Error.captureStackTrace(site, caller);
  return site;
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
