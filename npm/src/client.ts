import { Client, type Resumed } from "wasm-client";
import { generation, untilCrash } from "./crash.js";
import type { SkillResponse } from "./generated/models.js";
import { defaultBaseUrl } from "./generated/operations.js";
import { Marketplace } from "./generated/resources.js";
import { type JournalStore, journalStore } from "./journal-store.js";
import type { KnownSkills } from "./known.js";
import { extraLoader, isLoaded, linkExtra, load, loader } from "./load.js";
import type {
  BrowserUseOptions,
  Call,
  KeyRequest,
  Pending,
  RequestOptions,
  ResponseLike,
  ResponsePromise,
  WithResponse,
} from "./options.js";
import { type ExecuteOptions, type ResumedExecution, type ResumeOptions, resumed } from "./recovery.js";
import { explained, rethrower } from "./reject.js";
import { type OutputOf, type ParametersOf, Skill, type SkillOptions } from "./skill.js";
import { type Lend, Skills } from "./skills.js";
import type { WasmSource } from "./wasm/file.js";
import type { LoadLimits } from "./wasm/wait.js";

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
  readonly #journal: JournalStore | undefined;
  #client: Client | undefined;
  #generation = 0;

  constructor(options: BrowserUseOptions = {}) {
    const { apiKey } = options;
    let key: unknown = apiKey;
    // A copy is kept, so that it can be taken out of what servers repeat.
    const ask = async (why: KeyRequest) => {
      const given = await (apiKey as (why: KeyRequest) => string | Promise<string>)(why);
      key = given;
      return given;
    };
    this.#options = typeof apiKey === "function" ? { ...options, apiKey: ask } : options;
    const hideKey = (text: string) =>
      typeof key === "string" && key !== "" ? text.split(key).join("[redacted]") : text;
    const call: Call = <Data>(
      operation: number,
      ids: unknown[],
      input: unknown,
      given: RequestOptions | undefined,
    ) => {
      const withExtra = Boolean(options.journal) || usesRecovery(given);
      const use = (client: Client, begunAt: number) =>
        client.call(operation, ids, input, given, begunAt, withExtra) as Promise<Answered<Data>>;
      return withResponse(lend(use, given, withExtra), hideKey, rethrower());
    };
    // With a journal both parts are loaded at once: a later deployment of the site may have removed the second.
    const lend: Lend = (use, limits, withExtra = Boolean(options.journal)) => {
      const begunAt = performance.now();
      const begin = () => untilCrash(() => use(this.#ready(), begunAt));
      return isLoaded(withExtra) ? begin() : load(loadLimits(limits, options), withExtra).then(begin);
    };
    this.#lender = lend;
    const { journal, baseUrl } = options;
    this.#journal = journal && journalStore(journal, baseUrl ?? defaultBaseUrl);
    this.skills = new Skills(call, lend);
    this.marketplace = new Marketplace(call);
  }

  /**
   * Loads the WebAssembly before the first call needs it. Does nothing if it is loaded.
   *
   * @param source - The WebAssembly, or where it is. Default: the file beside the script, or the copy that the package
   *   has as a script.
   * @throws {@link LoadError} It could not be loaded; `reason` tells why. The next call tries again.
   */
  static load(source?: WasmSource | Promise<WasmSource>, limits: LoadLimits = {}): Promise<void> {
    return explained(loader.load(limits, source));
  }

  /**
   * Loads the second part of the WebAssembly before it is needed: by `recover`, `resume()`, `discard()`,
   * `executionResult()`, and the methods that wait for a generation. Does nothing if it is loaded.
   *
   * @param source - The second part, or where it is. Default: as for {@link BrowserUse.load}.
   * @throws {@link LoadError} It could not be loaded; `reason` tells why. The next call that needs it tries again.
   */
  static loadExtra(source?: WasmSource | Promise<WasmSource>, limits: LoadLimits = {}): Promise<void> {
    return explained(extraLoader.load(limits, source));
  }

  /**
   * A handle for one skill of your project, which runs it like a function. Its types are known if
   * `npx browser-use-skills types` has written them.
   *
   * @example
   * const titles = client.skill("3c90c3cc-0d44-4b50-8888-8dd25736052a");
   * const newest = await titles.run({ limit: 5 });
   */
  skill<Id extends keyof KnownSkills>(
    skill: Id,
    options?: SkillOptions<OutputOf<Id>>,
  ): Skill<ParametersOf<Id>, OutputOf<Id>>;
  /**
   * A handle for one skill of your project, which runs it like a function. With the id, the first run gets the skill's
   * parameters by a request; with a skill that was loaded before, it needs none.
   *
   * @example
   * const titles = client.skill<{ limit: number }, string[]>(id);
   * const newest = await titles.run({ limit: 5 });
   */
  skill<Parameters extends object = Record<string, unknown>, Output = unknown>(
    skill: string | SkillResponse,
    options?: SkillOptions<Output>,
  ): Skill<Parameters, Output>;
  /**
   * A handle for a skill that was loaded before and whose types are known: `client.skill<"its id">(loaded)`.
   */
  skill<Id extends keyof KnownSkills>(
    skill: SkillResponse,
    options?: SkillOptions<OutputOf<Id>>,
  ): Skill<ParametersOf<Id>, OutputOf<Id>>;
  skill<Parameters extends object = Record<string, unknown>, Output = unknown>(
    skill: string | SkillResponse,
    options: SkillOptions<Output> = {},
  ): Skill<Parameters, Output> {
    return new Skill(skill, this.skills, this.#lender, options);
  }

  /**
   * Resumes the executions that an earlier page or worker began with `recover` and did not hand over: those in the
   * `journal`. Sends nothing again and costs no credits. One that another tab is still waiting for is left to it.
   *
   * @returns Within about a second, with a promise for the result of each.
   * @throws {@link JournalError} The journal could not be read.
   *
   * @example
   * for (const run of await client.resume()) {
   *   await save(run.tag, await run.result);
   *   await run.acknowledge();
   * }
   */
  async resume(options: ResumeOptions = {}): Promise<ResumedExecution[]> {
    // An empty journal is not worth loading the WebAssembly for.
    const entries = await this.#journal?.entries().catch(() => undefined);
    if (!this.#journal || entries?.length === 0) return [];
    const runs = await explained(this.#lender((client) => client.resume(options), options, true));
    return (runs as Resumed[]).map(resumed);
  }

  /**
   * Removes an execution from the journal: it is not resumed any more. It may continue, and was paid for.
   *
   * @param entry - A run that `resume()` returned, or its `id`.
   * @throws {@link JournalError} The journal could not be written.
   */
  async discard(entry: string | Pick<ResumedExecution, "id">): Promise<void> {
    const id = typeof entry === "string" ? entry : entry.id;
    if (this.#journal) await explained(this.#lender((client) => client.discard(id), undefined, true));
  }

  /** How many executions and creations wait for `maxConcurrent` and how many run. */
  get pending(): Pending {
    return this.#current?.pending() ?? { waiting: 0, running: 0 };
  }

  /**
   * Gives the client's memory in the WebAssembly back now, not when it is collected. Calls under way go on; a later
   * call takes new memory.
   */
  free(): void {
    const client = this.#current;
    const made = this.#generation;
    this.#client = undefined;
    // Later: a listener, a custom `fetch` or a key function may call this while the WebAssembly uses the memory.
    queueMicrotask(() => {
      if (made === generation()) client?.free();
    });
  }

  /** The client in the wasm, if there is one and its instance has not crashed. */
  get #current(): Client | undefined {
    return this.#generation === generation() ? this.#client : undefined;
  }

  #ready(): Client {
    this.#client = this.#current ?? new Client(this.#options, this.#journal);
    this.#generation = generation();
    linkExtra();
    return this.#client;
  }
}

/** Whether a call needs the second part of the WebAssembly. */
function usesRecovery(given: ExecuteOptions | undefined): boolean {
  try {
    return Boolean(given?.recover);
  } catch {
    // A getter that throws: the call rejects when it reads the option.
    return false;
  }
}

/** What the wasm resolves to. */
interface Answered<Data> extends Omit<WithResponse<Data>, "headers"> {
  headers: ResponseLike["headers"] | undefined;
}

function withResponse<Data>(
  answered: Promise<Answered<Data>>,
  hideKey: (text: string) => string,
  rethrow?: (rejection: unknown) => never,
): ResponsePromise<Data> {
  const promise = answered.then(({ data }) => data, rethrow);
  return Object.assign(promise, {
    withResponse: () => {
      // Whoever asks this way handles a failure here.
      promise.catch(() => {});
      return answered.then((answer) => {
        const headers: Record<string, string> = {};
        answer.headers?.forEach?.((value, name) => {
          headers[name.toLowerCase()] = hideKey(value);
        });
        return { ...answer, headers };
      }, rethrow);
    },
  });
}

/** What bounds the wait for the WebAssembly: the limits of the call, and where it has none, those of the client. */
function loadLimits(given: LoadLimits | undefined, client: LoadLimits): LoadLimits {
  // JavaScript callers may pass null, which the call itself accepts.
  const call = given ?? {};
  return {
    signal: call.signal,
    timeout: call.timeout ?? client.timeout,
    totalTimeout: call.totalTimeout ?? client.totalTimeout,
    maxRetries: call.maxRetries ?? client.maxRetries,
  };
}
