import { Client } from "wasm-client";
import type { Bridge } from "./bridge.js";
import { instanceId } from "./crash.js";
import type {
  CreateSkillRequest,
  ExecuteSkillRequest,
  RefineSkillRequest,
  SkillResponse,
} from "./generated/models.js";
import { SkillOperations } from "./generated/resources.js";
import { EXTRA } from "./load.js";
import type { CreateAndWaitOptions, RequestOptions, ResponsePromise, WaitOptions } from "./options.js";
import type { ExecuteOptions, Execution } from "./recovery.js";
import { afterStart, mapErrors } from "./reject.js";
import type { LoadLimits } from "./wasm/wait.js";

/** The skills of your project. */
export class Skills extends SkillOperations {
  readonly #bridge: Bridge;

  /** @internal */
  constructor(bridge: Bridge) {
    super(bridge.call);
    this.#bridge = bridge;
  }

  // No comment here: editors show the inherited one.
  override execute<Output = unknown>(
    skillId: string,
    body?: ExecuteSkillRequest<object>,
    options?: ExecuteOptions,
  ): ResponsePromise<Execution<Output>> {
    return super.execute(skillId, body, options);
  }

  /**
   * Waits until a skill is finished. Polls immediately, then after 1 to 60 seconds: less often the longer it waits.
   *
   * @param skillId - A UUID.
   * @throws {@link SkillGenerationError} The generation failed, was cancelled or timed out; `body` is the skill.
   * @throws {@link TimeoutError} It did not finish within `waitTimeout`; the generation continues.
   */
  waitUntilFinished(skillId: string, options?: WaitOptions): Promise<SkillResponse> {
    return this.#wait(skillId, undefined, options);
  }

  /**
   * Creates a skill and waits until its generation is finished. Costs credits.
   *
   * @throws {@link SkillGenerationError} The generation failed, was cancelled or timed out; `body` is the skill.
   * @throws {@link TimeoutError} It did not finish within `waitTimeout`; the generation continues. Every error after the
   * creation has the `skillId`.
   */
  async createAndWait(body: CreateSkillRequest, options?: CreateAndWaitOptions): Promise<SkillResponse> {
    await this.#prepare(options);
    const { extraBody, onCreated, ...poll } = options ?? {};
    const { id } = await this.create(body, requestOptions(options));
    try {
      onCreated?.(id);
    } catch {
      // Errors of the caller's listener are ignored.
    }
    return this.#wait(id, undefined, poll).catch(afterStart(id));
  }

  /**
   * Refines a skill and waits until the new version is finished.
   *
   * @param skillId - A UUID.
   * @throws {@link SkillGenerationError} The refinement ended without a new version; `body` is the skill.
   * @throws {@link TimeoutError} It did not finish within `waitTimeout`; the generation continues.
   */
  async refineAndWait(
    skillId: string,
    body: RefineSkillRequest,
    options?: WaitOptions,
  ): Promise<SkillResponse> {
    await this.#prepare(options);
    const { extraBody, ...poll } = options ?? {};
    const before = await this.get(skillId, requestOptions(poll));
    await this.refine(skillId, body, requestOptions(options));
    return this.#wait(skillId, before.currentVersion ?? 0, poll).catch(afterStart(skillId));
  }

  /**
   * Waits until an execution has ended, and fetches its output. Resolves to the response of `execute`. Use it for a
   * candidate of an {@link AmbiguousExecutionError}, or with a stored execution id.
   *
   * @param skillId - A UUID.
   * @param executionId - A UUID.
   * @throws {@link SkillNotFoundError} The execution is not in the skill's list.
   */
  async executionResult<Output = unknown>(
    skillId: string,
    executionId: string,
    options?: RequestOptions,
  ): Promise<Execution<Output>> {
    const use = (client: Client, begunAt: number) =>
      client.executionResult([skillId, executionId], options, begunAt) as Promise<{
        data: Execution<Output>;
      }>;
    return (await mapErrors(this.#bridge.use(use, options, EXTRA))).data;
  }

  /**
   * Yields the skill immediately and after every change, until its generation has finished or failed.
   *
   * @param skillId - A UUID.
   */
  watch(skillId: string, options?: WaitOptions): AsyncGenerator<SkillResponse, void, undefined> {
    return this.#watch(skillId, undefined, false, options);
  }

  /** Rejects invalid options, and loads the WebAssembly that waits, before credits are spent. */
  #prepare(options: WaitOptions | undefined): Promise<void> {
    return mapErrors(this.#bridge.use(async () => Client.checkWait(options), loadLimits(options), EXTRA));
  }

  async *#watch(
    skillId: string,
    newerThan: number | undefined,
    mustFinish: boolean,
    options: WaitOptions | undefined,
  ): AsyncGenerator<SkillResponse, void, undefined> {
    const run = <Value>(use: (client: Client, begunAt: number) => Promise<Value>) =>
      mapErrors(this.#bridge.use(use, loadLimits(options), EXTRA));
    const watch = await run(async (client, begunAt) =>
      client.watch(skillId, newerThan, mustFinish, options, begunAt),
    );
    const id = instanceId();
    try {
      for (;;) {
        const skill = await run(() => watch.next() as Promise<SkillResponse | undefined>);
        if (skill === undefined) return;
        try {
          options?.onStatus?.(skill.status, skill);
        } catch {
          // Errors of the caller's listener are ignored.
        }
        yield skill;
      }
    } finally {
      if (id === instanceId()) watch.free();
    }
  }

  async #wait(
    skillId: string,
    newerThan: number | undefined,
    options: WaitOptions | undefined,
  ): Promise<SkillResponse> {
    let last: SkillResponse | undefined;
    for await (const skill of this.#watch(skillId, newerThan, true, options)) last = skill;
    return last as SkillResponse;
  }
}

/** The limits of loading the WebAssembly for a wait. */
function loadLimits(options: WaitOptions | undefined): LoadLimits {
  return { ...requestOptions(options), totalTimeout: options?.waitTimeout ?? options?.totalTimeout };
}

/** The options that apply to each request of a wait. */
function requestOptions(options: CreateAndWaitOptions | undefined): RequestOptions {
  const { waitTimeout, onStatus, onCreated, ...request } = options ?? {};
  return request;
}
