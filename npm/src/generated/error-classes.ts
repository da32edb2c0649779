// Written by `cargo run -p xtask` from the tables in src/. Do not edit.

import { named } from "../error.js";
import * as errors from "./errors.js";

/** The class of each code. */
export const classes = /* @__PURE__ */ named({
  skill_not_found: errors.SkillNotFoundError,
  skill_not_finished: errors.SkillNotFinishedError,
  insufficient_credits: errors.InsufficientCreditsError,
  concurrent_skill_creations: errors.ConcurrentSkillCreationsError,
  too_many_concurrent_active_sessions: errors.TooManyConcurrentActiveSessionsError,
  enabled_skills_limit_exceeded: errors.EnabledSkillsLimitExceededError,
  generation_not_cancellable: errors.GenerationNotCancellableError,
  cannot_rollback_public_skill: errors.CannotRollbackPublicSkillError,
  cannot_delete_skill_while_generating: errors.CannotDeleteSkillWhileGeneratingError,
  validation: errors.ValidationError,
  authentication: errors.AuthenticationError,
  invalid_request: errors.InvalidRequestError,
  skill_generation: errors.SkillGenerationError,
  skill_execution: errors.SkillExecutionError,
  ambiguous_execution: errors.AmbiguousExecutionError,
  journal: errors.JournalError,
  rate_limit: errors.RateLimitError,
  network: errors.NetworkError,
  timeout: errors.TimeoutError,
  server: errors.ServerError,
  response: errors.ResponseError,
  unexpected_status: errors.UnexpectedStatusError,
  load: errors.LoadError,
  internal: errors.InternalError,
} as const);
