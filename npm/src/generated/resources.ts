// Written by `cargo run -p xtask` from the tables in src/. Do not edit.

import type { Call, RequestOptions, ResponsePromise } from "../options.js";
import { type PagePromise, toPagePromise } from "../page.js";
import type {
  CreateSkillRequest,
  CreateSkillResponse,
  ExecuteSkillRequest,
  ExecuteSkillResponse,
  MarketplaceListParams,
  MarketplaceSkillListResponse,
  MarketplaceSkillResponse,
  RefineSkillRequest,
  RefineSkillResponse,
  SkillExecutionListParams,
  SkillExecutionListResponse,
  SkillExecutionOutputResponse,
  SkillExecutionView,
  SkillListParams,
  SkillListResponse,
  SkillResponse,
  UpdateSkillRequest,
} from "./models.js";

/** The name of an operation, as one calls it. */
export type OperationName =
  | "skills.create"
  | "skills.list"
  | "skills.get"
  | "skills.update"
  | "skills.delete"
  | "skills.cancel"
  | "skills.execute"
  | "skills.refine"
  | "skills.rollback"
  | "skills.executions"
  | "skills.executionOutput"
  | "marketplace.list"
  | "marketplace.get"
  | "marketplace.clone"
  | "marketplace.execute";

/** The operations on skills of one's own project. */
export class SkillOperations {
  readonly #call: Call;

  /** @internal */
  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Starts the generation of a skill. Answers at once with the id; generation takes from half a minute to ten.
   * Costs credits.
   *
   * `POST /skills`
   *
   * @throws {@link ConcurrentSkillCreationsError} 400: Another skill of the project is being created. Wait for it or cancel it.
   * @throws {@link InsufficientCreditsError} 402: The account has too few credits. Nothing was started.
   * @throws {@link TooManyConcurrentActiveSessionsError} 429: The plan's limit of sessions at once is reached. Nothing was started; try again when one has ended.
   */
  create(body: CreateSkillRequest, options?: RequestOptions): ResponsePromise<CreateSkillResponse> {
    return this.#call(0, [], body, options);
  }

  /**
   * Lists the skills of one's own project, a page at a time.
   *
   * `GET /skills`
   */
  list(params?: SkillListParams, options?: RequestOptions): PagePromise<SkillResponse, SkillListResponse> {
    return toPagePromise(this.#call(1, [], params, options), (pageNumber) => this.list({ ...params, pageNumber }, options));
  }

  /**
   * Gets one skill.
   *
   * `GET /skills/{skill_id}`
   *
   * @param skillId - A UUID.
   * @throws {@link SkillNotFoundError} 404: There is no such skill, execution, output or generation, or the skill has no code.
   */
  get(skillId: string, options?: RequestOptions): ResponsePromise<SkillResponse> {
    return this.#call(2, [skillId], undefined, options);
  }

  /**
   * Changes title, description, categories, domains, or whether the skill is enabled.
   *
   * `PATCH /skills/{skill_id}`
   *
   * @param skillId - A UUID.
   * @throws {@link EnabledSkillsLimitExceededError} 403: The plan's limit of enabled skills is reached. Disable another one first.
   * @throws {@link SkillNotFoundError} 404: There is no such skill, execution, output or generation, or the skill has no code.
   */
  update(skillId: string, body: UpdateSkillRequest, options?: RequestOptions): ResponsePromise<SkillResponse> {
    return this.#call(3, [skillId], body, options);
  }

  /**
   * Deletes a skill for good. Not while it is generating.
   *
   * `DELETE /skills/{skill_id}`
   *
   * @param skillId - A UUID.
   * @throws {@link CannotDeleteSkillWhileGeneratingError} 400: A skill cannot be deleted while it is generating. Cancel it first.
   * @throws {@link SkillNotFoundError} 404: There is no such skill, execution, output or generation, or the skill has no code.
   */
  delete(skillId: string, options?: RequestOptions): ResponsePromise<void> {
    return this.#call(4, [skillId], undefined, options);
  }

  /**
   * Cancels the generation that is going on.
   *
   * `POST /skills/{skill_id}/cancel`
   *
   * @param skillId - A UUID.
   * @throws {@link GenerationNotCancellableError} 400: There is no generation that could be cancelled.
   * @throws {@link SkillNotFoundError} 404: There is no such skill, execution, output or generation, or the skill has no code.
   */
  cancel(skillId: string, options?: RequestOptions): ResponsePromise<SkillResponse> {
    return this.#call(5, [skillId], undefined, options);
  }

  /**
   * Executes a skill and waits for its output: seconds to minutes. Costs credits.
   *
   * `POST /skills/{skill_id}/execute`
   *
   * @param skillId - A UUID.
   * @throws {@link SkillNotFinishedError} 400: The skill is not finished, not enabled, public where it must not be, or has no generation to clone.
   * @throws {@link InsufficientCreditsError} 402: The account has too few credits. Nothing was started.
   * @throws {@link SkillNotFoundError} 404: There is no such skill, execution, output or generation, or the skill has no code.
   * @throws {@link TooManyConcurrentActiveSessionsError} 429: The plan's limit of sessions at once is reached. Nothing was started; try again when one has ended.
   */
  execute<Output = unknown>(skillId: string, body?: ExecuteSkillRequest<object>, options?: RequestOptions): ResponsePromise<ExecuteSkillResponse<Output>> {
    return this.#call(6, [skillId], body, options);
  }

  /**
   * Starts a new version of a finished private skill. Answers at once; free.
   *
   * `POST /skills/{skill_id}/refine`
   *
   * @param skillId - A UUID.
   * @throws {@link SkillNotFinishedError} 400: The skill is not finished, not enabled, public where it must not be, or has no generation to clone.
   * @throws {@link SkillNotFoundError} 404: There is no such skill, execution, output or generation, or the skill has no code.
   * @throws {@link TooManyConcurrentActiveSessionsError} 429: The plan's limit of sessions at once is reached. Nothing was started; try again when one has ended.
   */
  refine(skillId: string, body: RefineSkillRequest, options?: RequestOptions): ResponsePromise<RefineSkillResponse> {
    return this.#call(7, [skillId], body, options);
  }

  /**
   * Goes back to the version before. Cannot be undone.
   *
   * `POST /skills/{skill_id}/rollback`
   *
   * @param skillId - A UUID.
   * @throws {@link CannotRollbackPublicSkillError} 400: A public skill cannot be rolled back, nor one that has a single version.
   * @throws {@link SkillNotFoundError} 404: There is no such skill, execution, output or generation, or the skill has no code.
   */
  rollback(skillId: string, options?: RequestOptions): ResponsePromise<SkillResponse> {
    return this.#call(8, [skillId], undefined, options);
  }

  /**
   * Lists the executions of a skill, newest first, a page at a time.
   *
   * `GET /skills/{skill_id}/executions`
   *
   * @param skillId - A UUID.
   * @throws {@link SkillNotFoundError} 404: There is no such skill, execution, output or generation, or the skill has no code.
   */
  executions(skillId: string, params?: SkillExecutionListParams, options?: RequestOptions): PagePromise<SkillExecutionView, SkillExecutionListResponse> {
    return toPagePromise(this.#call(9, [skillId], params, options), (pageNumber) => this.executions(skillId, { ...params, pageNumber }, options));
  }

  /**
   * Tells where the output of an execution can be fetched during the next 5 minutes.
   *
   * `GET /skills/{skill_id}/executions/{execution_id}/output`
   *
   * @param skillId - A UUID.
   * @param executionId - A UUID.
   * @throws {@link SkillNotFoundError} 404: There is no such skill, execution, output or generation, or the skill has no code.
   */
  executionOutput(skillId: string, executionId: string, options?: RequestOptions): ResponsePromise<SkillExecutionOutputResponse> {
    return this.#call(10, [skillId, executionId], undefined, options);
  }
}

/** Skills that others have published. */
export class Marketplace {
  readonly #call: Call;

  /** @internal */
  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Lists public skills, a page at a time. Needs no key.
   *
   * `GET /marketplace/skills`
   */
  list(params?: MarketplaceListParams, options?: RequestOptions): PagePromise<MarketplaceSkillResponse, MarketplaceSkillListResponse> {
    return toPagePromise(this.#call(11, [], params, options), (pageNumber) => this.list({ ...params, pageNumber }, options));
  }

  /**
   * Gets one public skill by its slug. Needs no key.
   *
   * `GET /marketplace/skills/{skill_slug}`
   *
   * @param skillSlug - The skill's `slug`.
   * @throws {@link SkillNotFoundError} 404: There is no such skill, execution, output or generation, or the skill has no code.
   */
  get(skillSlug: string, options?: RequestOptions): ResponsePromise<MarketplaceSkillResponse> {
    return this.#call(12, [skillSlug], undefined, options);
  }

  /**
   * Copies a public skill, by its id, into one's own project. The copy is finished at once.
   *
   * `POST /marketplace/skills/{skill_id}/clone`
   *
   * @param skillId - A UUID.
   * @throws {@link SkillNotFinishedError} 400: The skill is not finished, not enabled, public where it must not be, or has no generation to clone.
   * @throws {@link SkillNotFoundError} 404: There is no such skill, execution, output or generation, or the skill has no code.
   */
  clone(skillId: string, options?: RequestOptions): ResponsePromise<SkillResponse> {
    return this.#call(13, [skillId], undefined, options);
  }

  /**
   * Executes a public skill, by its id, and waits for its output: seconds to minutes. Costs credits.
   *
   * `POST /marketplace/skills/{skill_id}/execute`
   *
   * @param skillId - A UUID.
   * @throws {@link SkillNotFinishedError} 400: The skill is not finished, not enabled, public where it must not be, or has no generation to clone.
   * @throws {@link InsufficientCreditsError} 402: The account has too few credits. Nothing was started.
   * @throws {@link SkillNotFoundError} 404: There is no such skill, execution, output or generation, or the skill has no code.
   */
  execute<Output = unknown>(skillId: string, body?: ExecuteSkillRequest<object>, options?: RequestOptions): ResponsePromise<ExecuteSkillResponse<Output>> {
    return this.#call(14, [skillId], body, options);
  }
}
