import type { Client } from "wasm-client";
import { generation } from "./crash.js";
import type {
  CreateSkillRequest,
  ExecuteSkillRequest,
  RefineSkillRequest,
  SkillResponse,
} from "./generated/models.js";
import { SkillOperations } from "./generated/resources.js";
import type { Call, CreateAndWaitOptions, RequestOptions, ResponsePromise, WaitOptions } from "./options.js";
import type { ExecuteOptions, Execution } from "./recovery.js";
import { afterStart, explained } from "./reject.js";
import type { LoadLimits } from "./wasm/wait.js";

/**
 * Lends the client in the wasm, which is loaded within `limits` if it is not there yet, with its second part if
 * `withExtra` is true. `begunAt` is when the call began, on the clock of `performance.now()`. What is rejected is not yet
 * an error of the library's classes.
 * @internal
 */
export type Lend = <Value>(
  use: (client: Client, begunAt: number) => Promise<Value>,
  limits: LoadLimits | undefined,
  withExtra?: boolean,
) => Promise<Value>;

/** The skills of one's own project. */
export class Skills extends SkillOperations {
  readonly #lend: Lend;

  /** @internal */
  constructor(call: Call, lend: Lend) {
    super(call);
    this.#lend = lend;
  }

  // Without words of its own, so that editors show those of the operation.
  override execute<Output = unknown>(
    skillId: string,
    body?: ExecuteSkillRequest<object>,
    options?: ExecuteOptions,
  ): ResponsePromise<Execution<Output>> {
    return super.execute(skillId, body, options);
  }

  /**
   * Waits until a skill is finished: polls at once, then every second to every ten.
   *
   * @param skillId - A UUID.
   * @throws {@link SkillGenerationError} The generation failed, was cancelled or timed out; `body` is the skill.
   * @throws {@link TimeoutError} It was not finished within `waitTimeout`; the generation continues.
   */
  waitUntilFinished(skillId: string, options?: WaitOptions): Promise<SkillResponse> {
    return this.#wait(skillId, undefined, options);
  }

  /**
   * Starts the generation of a skill and waits until it is finished. Costs credits.
   *
   * @throws {@link SkillGenerationError} The generation failed, was cancelled or timed out; `body` is the skill.
   * @throws {@link TimeoutError} It was not finished within `waitTimeout`; the generation continues. As every error after
   * the start it has the `skillId`.
   */
  async createAndWait(body: CreateSkillRequest, options?: CreateAndWaitOptions): Promise<SkillResponse> {
    const { onCreated, ...wait } = options ?? {};
    const { id } = await this.create(body, ofRequest(wait));
    try {
      onCreated?.(id);
    } catch {
      // A listener of the caller.
    }
    return this.#wait(id, undefined, wait).catch(afterStart(id));
  }

  /**
   * Starts a new version of a skill and waits until it is finished.
   *
   * @param skillId - A UUID.
   * @throws {@link SkillGenerationError} The refinement ended without a new version; `body` is the skill.
   * @throws {@link TimeoutError} It was not finished within `waitTimeout`; the generation continues.
   */
  async refineAndWait(
    skillId: string,
    body: RefineSkillRequest,
    options?: WaitOptions,
  ): Promise<SkillResponse> {
    const request = ofRequest(options);
    const before = await this.get(skillId, request);
    await this.refine(skillId, body, request);
    return this.#wait(skillId, before.currentVersion ?? 0, options).catch(afterStart(skillId));
  }

  /**
   * What the response of a past execution was: waits until it has ended, and fetches its output. For a candidate of an
   * {@link AmbiguousExecutionError}, or for an id that was kept.
   *
   * @param skillId - A UUID.
   * @param executionId - A UUID.
   * @throws {@link SkillNotFoundError} The skill's list does not have it.
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
    return (await explained(this.#lend(use, options, true))).data;
  }

  /**
   * Yields the skill at once and whenever it has changed, until its generation is over, well or badly.
   *
   * @param skillId - A UUID.
   */
  watch(skillId: string, options?: WaitOptions): AsyncGenerator<SkillResponse, void, undefined> {
    return this.#watch(skillId, undefined, false, options);
  }

  async *#watch(
    skillId: string,
    newerThan: number | undefined,
    mustFinish: boolean,
    options: WaitOptions | undefined,
  ): AsyncGenerator<SkillResponse, void, undefined> {
    const limits = { ...ofRequest(options), totalTimeout: options?.waitTimeout ?? options?.totalTimeout };
    const lend = <Value>(use: (client: Client, begunAt: number) => Promise<Value>) =>
      explained(this.#lend(use, limits, true));
    const watch = await lend(async (client, begunAt) =>
      client.watch(skillId, newerThan, mustFinish, options, begunAt),
    );
    const made = generation();
    try {
      for (;;) {
        const skill = await lend(() => watch.next() as Promise<SkillResponse | undefined>);
        if (skill === undefined) return;
        try {
          options?.onStatus?.(skill.status, skill);
        } catch {
          // A listener of the caller.
        }
        yield skill;
      }
    } finally {
      if (made === generation()) watch.free();
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

/** The options of a wait that apply to each of its requests. */
function ofRequest(options: CreateAndWaitOptions | undefined): RequestOptions {
  const { waitTimeout, onStatus, onCreated, ...request } = options ?? {};
  return request;
}
