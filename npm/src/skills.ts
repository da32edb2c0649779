import type { Client } from "wasm-client";
import { generation } from "./crash.js";
import type {
  CreateSkillRequest,
  ExecuteSkillRequest,
  RefineSkillRequest,
  SkillResponse,
} from "./generated/models.js";
import { SkillOperations } from "./generated/resources.js";
import type { Call, ResponsePromise, WaitOptions } from "./options.js";
import type { ExecuteOptions, Execution } from "./recovery.js";
import { afterStart, explained } from "./reject.js";
import type { LoadLimits } from "./wasm/wait.js";

/**
 * Lends the client in the wasm, which is loaded within `limits` if it is not there yet: `begunAt` is when the call
 * began, on the clock of `performance.now()`. What is rejected is not yet an error of the library's classes.
 * @internal
 */
export type Lend = <Value>(
  use: (client: Client, begunAt: number) => Promise<Value>,
  limits: LoadLimits | undefined,
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
   * Waits until a skill is finished: looks at once, then ever less often, from every second to every ten.
   *
   * @param skillId - A UUID.
   * @throws {@link SkillGenerationError} The generation failed, was cancelled or timed out; `body` is the skill.
   * @throws {@link TimeoutError} It was not finished within `timeout`; the generation goes on.
   */
  waitUntilFinished(skillId: string, options?: WaitOptions): Promise<SkillResponse> {
    return this.#wait(skillId, undefined, options);
  }

  /**
   * Starts the generation of a skill and waits until it is finished. Costs credits.
   *
   * @throws {@link SkillGenerationError} The generation failed, was cancelled or timed out; `body` is the skill.
   * @throws {@link TimeoutError} It was not finished within `timeout`; the generation goes on.
   */
  async createAndWait(body: CreateSkillRequest, options?: WaitOptions): Promise<SkillResponse> {
    const { id } = await this.create(body, { signal: options?.signal });
    return this.#wait(id, undefined, options).catch(afterStart);
  }

  /**
   * Starts a new version of a skill and waits until it is finished.
   *
   * @param skillId - A UUID.
   * @throws {@link SkillGenerationError} The refinement ended without a new version; `body` is the skill.
   * @throws {@link TimeoutError} It was not finished within `timeout`; the generation goes on.
   */
  async refineAndWait(
    skillId: string,
    body: RefineSkillRequest,
    options?: WaitOptions,
  ): Promise<SkillResponse> {
    const before = await this.get(skillId, { signal: options?.signal });
    await this.refine(skillId, body, { signal: options?.signal });
    return this.#wait(skillId, before.currentVersion ?? 0, options).catch(afterStart);
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
    const limits = { signal: options?.signal, totalTimeout: options?.timeout };
    const lend = <Value>(use: (client: Client, begunAt: number) => Promise<Value>) =>
      explained(this.#lend(use, limits));
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
          // A listener's own affair.
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
