import { Client, type Resumed } from "wasm-client";
import { instanceId, untilCrash } from "./crash.js";
import type { SkillResponse } from "./generated/models.js";
import { defaultBaseUrl } from "./generated/operations.js";
import { Marketplace } from "./generated/resources.js";
import { type JournalStore, journalStore } from "./journal-store.js";
import type { KnownSkills } from "./known.js";
import { extraLoader, isLoaded, linkExtra, load, loader } from "./load.js";
import type {
  BrowserUseOptions,
  Call,
  ConcurrencyStats,
  KeyRequest,
  RequestOptions,
  ResponseLike,
  ResponsePromise,
  WithResponse,
} from "./options.js";
import {
  type ExecuteOptions,
  type ResumedExecution,
  type ResumeOptions,
  toResumedExecution,
} from "./recovery.js";
import { errorMapper, mapErrors } from "./reject.js";
import { type OutputOf, type ParametersOf, Skill, type SkillOptions } from "./skill.js";
import { Skills, type WithClient } from "./skills.js";
import type { WasmSource } from "./wasm/file.js";
import type { LoadLimits } from "./wasm/wait.js";

/**
 * Client for the skills API of Browser Use Cloud.
 *
 * The constructor sends nothing. The first call validates the options and loads the WebAssembly.
 *
 * @example
 * const client = new BrowserUse({ apiKey });
 * const { id } = await client.skills.create({ goal: "…", agentPrompt: "…" });
 */
export class BrowserUse {
  /** The skills of your project. */
  readonly skills: Skills;
  /** Published skills. */
  readonly marketplace: Marketplace;
  readonly #options: BrowserUseOptions;
  readonly #withClient: WithClient;
  readonly #journal: JournalStore | undefined;
  #client: Client | undefined;
  #instanceId = 0;

  constructor(options: BrowserUseOptions = {}) {
    const { apiKey } = options;
    let key: unknown = apiKey;
    // Keeps the latest key, to redact it from response headers.
    const getKey = async (request: KeyRequest) => {
      const given = await (apiKey as (request: KeyRequest) => string | Promise<string>)(request);
      key = given;
      return given;
    };
    this.#options = typeof apiKey === "function" ? { ...options, apiKey: getKey } : options;
    const redact = (text: string) =>
      typeof key === "string" && key !== "" ? text.split(key).join("[redacted]") : text;
    const call: Call = <Data>(
      operation: number,
      ids: unknown[],
      input: unknown,
      given: RequestOptions | undefined,
    ) => {
      const withExtra = Boolean(options.journal) || usesRecovery(given);
      const use = (client: Client, begunAt: number) =>
        client.call(operation, ids, input, given, begunAt, withExtra) as Promise<ClientResponse<Data>>;
      return withResponse(withClient(use, given, withExtra), redact, errorMapper());
    };
    // With a journal, load both parts at once: a new deployment of the site may remove the second.
    const withClient: WithClient = (use, limits, withExtra = Boolean(options.journal)) => {
      const begunAt = performance.now();
      const begin = () => untilCrash(() => use(this.#ready(), begunAt));
      return isLoaded(withExtra) ? begin() : load(loadLimits(limits, options), withExtra).then(begin);
    };
    this.#withClient = withClient;
    const { journal, baseUrl } = options;
    this.#journal = journal && journalStore(journal, baseUrl ?? defaultBaseUrl);
    this.skills = new Skills(call, withClient);
    this.marketplace = new Marketplace(call);
  }

  /**
   * Loads the WebAssembly before the first call needs it. Does nothing if it is already loaded.
   *
   * @param source - The WebAssembly or its URL. Default: the file next to the script, or the copy embedded in the
   *   package's JavaScript.
   * @throws {@link LoadError} Loading failed; `reason` says why. The next call retries.
   */
  static load(source?: WasmSource | Promise<WasmSource>, limits: LoadLimits = {}): Promise<void> {
    return mapErrors(loader.load(limits, source));
  }

  /**
   * Loads the second part of the WebAssembly in advance. `recover`, `resume()`, `discard()`, `executionResult()` and the
   * methods that wait for a generation need it. Does nothing if it is already loaded.
   *
   * @param source - The second part or its URL. Default: as for {@link BrowserUse.load}.
   * @throws {@link LoadError} Loading failed; `reason` says why. The next call that needs it retries.
   */
  static loadExtra(source?: WasmSource | Promise<WasmSource>, limits: LoadLimits = {}): Promise<void> {
    return mapErrors(extraLoader.load(limits, source));
  }

  /**
   * Returns a handle that runs one skill of your project like a function. It is typed if the skill is in the output of
   * `npx browser-use-skills types`.
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
   * Returns a handle that runs one skill of your project like a function. Given an id, the first run fetches the skill
   * for its parameters. Given a `SkillResponse`, no request is needed.
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
   * Returns a typed handle for a `SkillResponse`: `client.skill<"its id">(response)`.
   */
  skill<Id extends keyof KnownSkills>(
    skill: SkillResponse,
    options?: SkillOptions<OutputOf<Id>>,
  ): Skill<ParametersOf<Id>, OutputOf<Id>>;
  skill<Parameters extends object = Record<string, unknown>, Output = unknown>(
    skill: string | SkillResponse,
    options: SkillOptions<Output> = {},
  ): Skill<Parameters, Output> {
    return new Skill(skill, this.skills, this.#withClient, options);
  }

  /**
   * Resumes the executions in the `journal`: those that an earlier page or worker started with `recover` and did not
   * deliver. Never repeats an execution, and costs no credits. Skips executions that another tab is still waiting for.
   *
   * @returns The executions, within about a second; each has a promise for its result.
   * @throws {@link JournalError} Reading the journal failed.
   *
   * @example
   * for (const run of await client.resume()) {
   *   await save(run.tag, await run.result);
   *   await run.acknowledge();
   * }
   */
  async resume(options: ResumeOptions = {}): Promise<ResumedExecution[]> {
    // Do not load the WebAssembly for an empty journal.
    const entries = await this.#journal?.entries().catch(() => undefined);
    if (!this.#journal || entries?.length === 0) return [];
    const runs = await mapErrors(this.#withClient((client) => client.resume(options), options, true));
    return (runs as Resumed[]).map(toResumedExecution);
  }

  /**
   * Removes an execution from the journal, so that it is no longer resumed. The execution itself is not cancelled, and its
   * credits are spent.
   *
   * @param entry - An execution returned by `resume()`, or its `id`.
   * @throws {@link JournalError} Writing the journal failed.
   */
  async discard(entry: string | Pick<ResumedExecution, "id">): Promise<void> {
    const id = typeof entry === "string" ? entry : entry.id;
    if (this.#journal) await mapErrors(this.#withClient((client) => client.discard(id), undefined, true));
  }

  /** Number of queued and running executions and creations; see `maxConcurrent`. */
  get pending(): ConcurrencyStats {
    return this.#current?.pending() ?? { waiting: 0, running: 0 };
  }

  /**
   * Frees the client's WebAssembly memory now instead of on garbage collection. Running calls continue; a later call
   * allocates again.
   */
  free(): void {
    const client = this.#current;
    const id = this.#instanceId;
    this.#client = undefined;
    // Deferred: a listener, a custom `fetch` or a key function may call this while the WebAssembly uses the memory.
    queueMicrotask(() => {
      if (id === instanceId()) client?.free();
    });
  }

  /** The WebAssembly client; undefined if there is none or its instance has crashed. */
  get #current(): Client | undefined {
    return this.#instanceId === instanceId() ? this.#client : undefined;
  }

  #ready(): Client {
    this.#client = this.#current ?? new Client(this.#options, this.#journal);
    this.#instanceId = instanceId();
    linkExtra();
    return this.#client;
  }
}

/** Whether a call needs the second part of the WebAssembly. A throwing getter rejects the call later. */
function usesRecovery(given: ExecuteOptions | undefined): boolean {
  try {
    return Boolean(given?.recover);
  } catch {
    return false;
  }
}

/** What the WebAssembly resolves to. */
interface ClientResponse<Data> extends Omit<WithResponse<Data>, "headers"> {
  headers: ResponseLike["headers"] | undefined;
}

function withResponse<Data>(
  pending: Promise<ClientResponse<Data>>,
  redact: (text: string) => string,
  mapError?: (rejection: unknown) => never,
): ResponsePromise<Data> {
  const promise = pending.then(({ data }) => data, mapError);
  return Object.assign(promise, {
    withResponse: () => {
      // The caller handles a rejection on the returned promise.
      promise.catch(() => {});
      return pending.then((response) => {
        const headers: Record<string, string> = {};
        response.headers?.forEach?.((value, name) => {
          headers[name.toLowerCase()] = redact(value);
        });
        return { ...response, headers };
      }, mapError);
    },
  });
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
