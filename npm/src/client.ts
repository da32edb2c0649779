import type { Resumed } from "wasm-client";
import { Bridge } from "./bridge.js";
import type { SkillResponse } from "./generated/models.js";
import { Billing, Marketplace, Profiles } from "./generated/resources.js";
import type { KnownSkills } from "./known.js";
import { batchLoader, EXTRA, extraLoader, loader } from "./load.js";
import type { BrowserUseOptions, ConcurrencyStats } from "./options.js";
import { type ResumedExecution, type ResumeOptions, toResumedExecution } from "./recovery.js";
import { mapErrors } from "./reject.js";
import { Sessions } from "./sessions.js";
import { type OutputOf, type ParametersOf, Skill, type SkillOptions } from "./skill.js";
import { Skills } from "./skills.js";
import type { WasmSource } from "./wasm/file.js";
import type { LoadLimits } from "./wasm/wait.js";

/**
 * Client for the skills API of Browser Use Cloud.
 *
 * The constructor sends nothing to the API. The first call validates the options. In a page or worker, the WebAssembly is
 * loaded once it is idle, or by the first call; elsewhere by the first call.
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
  /** The sessions of your project. */
  readonly sessions: Sessions;
  /** The account of your project. */
  readonly billing: Billing;
  /** The profiles of your project. */
  readonly profiles: Profiles;
  readonly #bridge: Bridge;

  constructor(options: BrowserUseOptions = {}) {
    this.#bridge = new Bridge(options);
    this.skills = new Skills(this.#bridge);
    const { call } = this.#bridge;
    this.marketplace = new Marketplace(call);
    this.sessions = new Sessions(call);
    this.billing = new Billing(call);
    this.profiles = new Profiles(call);
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
   * Loads the third part of the WebAssembly in advance. `browser-use-skills/batch` needs it, besides the second. Does nothing
   * if it is already loaded.
   *
   * @param source - The third part or its URL. Default: as for {@link BrowserUse.load}.
   * @throws {@link LoadError} Loading failed; `reason` says why. The next call that needs it retries.
   */
  static loadBatch(source?: WasmSource | Promise<WasmSource>, limits: LoadLimits = {}): Promise<void> {
    return mapErrors(batchLoader.load(limits, source));
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
    return new Skill(skill, this.skills, this.#bridge, options);
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
    const { journal } = this.#bridge;
    const entries = await journal?.entries().catch(() => undefined);
    if (!journal || entries?.length === 0) return [];
    const runs = await mapErrors(this.#bridge.use((client) => client.resume(options), options, EXTRA));
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
    if (this.#bridge.journal)
      await mapErrors(this.#bridge.use((client) => client.discard(id), undefined, EXTRA));
  }

  /**
   * Number of queued and running executions and creations; see `maxConcurrent`. The object is replaced when the numbers
   * change.
   */
  get pending(): ConcurrencyStats {
    return this.#bridge.pending;
  }

  /**
   * Calls `listener` whenever `pending` has changed.
   *
   * @returns A function that unsubscribes.
   *
   * @example
   * const unsubscribe = client.subscribe(() => console.log(client.pending.waiting));
   */
  readonly subscribe = (listener: () => void): (() => void) => this.#bridge.subscribe(listener);

  /**
   * Frees the client's WebAssembly memory now instead of on garbage collection. Running calls continue; a later call
   * allocates again.
   */
  free(): void {
    this.#bridge.free();
  }
}
