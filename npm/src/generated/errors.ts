// Written by `cargo run -p xtask` from the tables in src/. Do not edit.

import { BrowserUseError } from "../error.js";
import type { LoadFailureReason } from "../wasm/file.js";
import type { SkillExecutionView } from "./models.js";

/** What went wrong, by name: the `code` of a {@link BrowserUseError}. */
export type ErrorCode =
  | "skill_not_found"
  | "skill_not_finished"
  | "insufficient_credits"
  | "concurrent_skill_creations"
  | "too_many_concurrent_active_sessions"
  | "enabled_skills_limit_exceeded"
  | "generation_not_cancellable"
  | "cannot_rollback_public_skill"
  | "cannot_delete_skill_while_generating"
  | "validation"
  | "authentication"
  | "invalid_request"
  | "skill_generation"
  | "skill_execution"
  | "ambiguous_execution"
  | "journal"
  | "rate_limit"
  | "network"
  | "timeout"
  | "server"
  | "response"
  | "unexpected_status"
  | "load"
  | "internal";

/** There is no such skill, execution, output or generation, or the skill has no code. */
export class SkillNotFoundError extends BrowserUseError {
  declare readonly code: "skill_not_found";
}

/** The skill is not finished, not enabled, public where it must not be, or has no generation to clone. */
export class SkillNotFinishedError extends BrowserUseError {
  declare readonly code: "skill_not_finished";
}

/** The account has too few credits. Nothing was started. */
export class InsufficientCreditsError extends BrowserUseError {
  declare readonly code: "insufficient_credits";
}

/** Another skill of the project is being created. Wait for it or cancel it. */
export class ConcurrentSkillCreationsError extends BrowserUseError {
  declare readonly code: "concurrent_skill_creations";
}

/** The plan's limit of sessions at once is reached. Nothing was started; try again when one has ended. */
export class TooManyConcurrentActiveSessionsError extends BrowserUseError {
  declare readonly code: "too_many_concurrent_active_sessions";
  /** The delay that the server asked for, in seconds, if any. */
  declare readonly retryAfter: number | undefined;
}

/** The plan's limit of enabled skills is reached. Disable another one first. */
export class EnabledSkillsLimitExceededError extends BrowserUseError {
  declare readonly code: "enabled_skills_limit_exceeded";
}

/** There is no generation that could be cancelled. */
export class GenerationNotCancellableError extends BrowserUseError {
  declare readonly code: "generation_not_cancellable";
}

/** A public skill cannot be rolled back, nor one that has a single version. */
export class CannotRollbackPublicSkillError extends BrowserUseError {
  declare readonly code: "cannot_rollback_public_skill";
}

/** A skill cannot be deleted while it is generating. Cancel it first. */
export class CannotDeleteSkillWhileGeneratingError extends BrowserUseError {
  declare readonly code: "cannot_delete_skill_while_generating";
}

/** The server refused the request's values. `issues` tells which. */
export class ValidationError extends BrowserUseError {
  declare readonly code: "validation";
}

/** The key is missing, wrong, or not allowed to do this; or the function that gives it failed. */
export class AuthenticationError extends BrowserUseError {
  declare readonly code: "authentication";
}

/** The request was refused before anything was sent. `issues` tells why. */
export class InvalidRequestError extends BrowserUseError {
  declare readonly code: "invalid_request";
}

/**
 * The generation of a skill that was waited for ended, but not well: `failed`, `cancelled`, `timed_out`, or without
 * a new version. `body` is the skill.
 */
export class SkillGenerationError extends BrowserUseError {
  declare readonly code: "skill_generation";
}

/** The skill ran and failed: thrown by `run` of a skill's handle. */
export class SkillExecutionError extends BrowserUseError {
  declare readonly code: "skill_execution";
  /** The error that the skill reported. */
  declare readonly executionError: string | undefined;
  /** What the skill wrote to its standard error stream. Not enumerable. */
  declare readonly stderr: string | undefined;
  /** How long the skill ran, in milliseconds. */
  declare readonly latencyMs: number | undefined;
}

/** The response was lost, and it cannot be proved which execution is the call's own. Nothing was sent again. */
export class AmbiguousExecutionError extends BrowserUseError {
  declare readonly code: "ambiguous_execution";
  /** The executions that may be the call's own. */
  declare readonly candidates: readonly SkillExecutionView[];
}

/** The journal could not be read or written. `cause` is what it threw. */
export class JournalError extends BrowserUseError {
  declare readonly code: "journal";
}

/** Too many requests in a short time. */
export class RateLimitError extends BrowserUseError {
  declare readonly code: "rate_limit";
  /** The delay that the server asked for, in seconds, if any. */
  declare readonly retryAfter: number | undefined;
}

/** No response: no connection, a name that does not resolve, a CORS refusal, a connection that broke. */
export class NetworkError extends BrowserUseError {
  declare readonly code: "network";
}

/** No complete response within a time limit. `maybeExecuted` says whether the request may have been executed. */
export class TimeoutError extends BrowserUseError {
  declare readonly code: "timeout";
  /** The limit. */
  declare readonly limit: "timeout" | "totalTimeout" | "waitTimeout";
  /** The time that had passed, in milliseconds. */
  declare readonly elapsed: number;
}

/** The server failed (5xx). */
export class ServerError extends BrowserUseError {
  declare readonly code: "server";
  /** The delay that the server asked for, in seconds, if any. */
  declare readonly retryAfter: number | undefined;
}

/** A success whose body is not what the contract promises. `text` is the body. */
export class ResponseError extends BrowserUseError {
  declare readonly code: "response";
  /** The part of the body that is wrong, in code notation; undefined if the body is not JSON. */
  declare readonly path: string | undefined;
}

/** A status that the contract does not declare. Often the `baseUrl` is wrong. */
export class UnexpectedStatusError extends BrowserUseError {
  declare readonly code: "unexpected_status";
  /** The delay that the server asked for, in seconds, if any. */
  declare readonly retryAfter: number | undefined;
}

/** The WebAssembly could not be loaded. */
export class LoadError extends BrowserUseError {
  declare readonly code: "load";
  /** The reason. */
  declare readonly reason: LoadFailureReason;
  /** The limit, if the reason is `"timeout"`. */
  declare readonly limit: "timeout" | "totalTimeout" | undefined;
  /** The time that had passed, in milliseconds, if the reason is `"timeout"`. */
  declare readonly elapsed: number | undefined;
}

/** A fault of the library: please report it. */
export class InternalError extends BrowserUseError {
  declare readonly code: "internal";
}

/** What `isBrowserUseError(error, code)` narrows to. */
export interface ErrorByCode {
  /** There is no such skill, execution, output or generation, or the skill has no code. */
  skill_not_found: SkillNotFoundError;
  /** The skill is not finished, not enabled, public where it must not be, or has no generation to clone. */
  skill_not_finished: SkillNotFinishedError;
  /** The account has too few credits. Nothing was started. */
  insufficient_credits: InsufficientCreditsError;
  /** Another skill of the project is being created. Wait for it or cancel it. */
  concurrent_skill_creations: ConcurrentSkillCreationsError;
  /** The plan's limit of sessions at once is reached. Nothing was started; try again when one has ended. */
  too_many_concurrent_active_sessions: TooManyConcurrentActiveSessionsError;
  /** The plan's limit of enabled skills is reached. Disable another one first. */
  enabled_skills_limit_exceeded: EnabledSkillsLimitExceededError;
  /** There is no generation that could be cancelled. */
  generation_not_cancellable: GenerationNotCancellableError;
  /** A public skill cannot be rolled back, nor one that has a single version. */
  cannot_rollback_public_skill: CannotRollbackPublicSkillError;
  /** A skill cannot be deleted while it is generating. Cancel it first. */
  cannot_delete_skill_while_generating: CannotDeleteSkillWhileGeneratingError;
  /** The server refused the request's values. `issues` tells which. */
  validation: ValidationError;
  /** The key is missing, wrong, or not allowed to do this; or the function that gives it failed. */
  authentication: AuthenticationError;
  /** The request was refused before anything was sent. `issues` tells why. */
  invalid_request: InvalidRequestError;
  /**
   * The generation of a skill that was waited for ended, but not well: `failed`, `cancelled`, `timed_out`, or without
   * a new version. `body` is the skill.
   */
  skill_generation: SkillGenerationError;
  /** The skill ran and failed: thrown by `run` of a skill's handle. */
  skill_execution: SkillExecutionError;
  /** The response was lost, and it cannot be proved which execution is the call's own. Nothing was sent again. */
  ambiguous_execution: AmbiguousExecutionError;
  /** The journal could not be read or written. `cause` is what it threw. */
  journal: JournalError;
  /** Too many requests in a short time. */
  rate_limit: RateLimitError;
  /** No response: no connection, a name that does not resolve, a CORS refusal, a connection that broke. */
  network: NetworkError;
  /** No complete response within a time limit. `maybeExecuted` says whether the request may have been executed. */
  timeout: TimeoutError;
  /** The server failed (5xx). */
  server: ServerError;
  /** A success whose body is not what the contract promises. `text` is the body. */
  response: ResponseError;
  /** A status that the contract does not declare. Often the `baseUrl` is wrong. */
  unexpected_status: UnexpectedStatusError;
  /** The WebAssembly could not be loaded. */
  load: LoadError;
  /** A fault of the library: please report it. */
  internal: InternalError;
}

/** Every error of the library: `switch (error.code)` narrows to a class. */
export type BrowserUseErrorUnion = ErrorByCode[ErrorCode];
