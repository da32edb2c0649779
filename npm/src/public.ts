export { BrowserUse } from "./client.js";
export { BrowserUseError, type Issue, isBrowserUseError, type LoadFailureReason } from "./error.js";
export type {
  CallEvent,
  CallEventBase,
  CallFailed,
  CallStarted,
  CallSucceeded,
  RecoveryStarted,
  RequestSent,
  ResponseReceived,
  RetryPlanned,
  WaitingForSlot,
} from "./events.js";
export * from "./generated/errors.js";
export * from "./generated/models.js";
export type { Billing, Marketplace, OperationName, Profiles } from "./generated/resources.js";
export type { Journal } from "./journal.js";
// Must be a star export: only then can users merge declarations with `KnownSkills` of the package.
export * from "./known.js";
export type {
  BrowserUseOptions,
  ConcurrencyStats,
  CreateAndWaitOptions,
  FetchInit,
  FetchLike,
  KeyRequest,
  RequestOptions,
  ResponseLike,
  ResponsePromise,
  WaitOptions,
  WithResponse,
} from "./options.js";
export type { Page, PagePromise } from "./page.js";
export type {
  Delivery,
  ExecuteOptions,
  Execution,
  RecoverOptions,
  ResumedExecution,
  ResumeOptions,
} from "./recovery.js";
export type { Sessions, StartedSession } from "./sessions.js";
export type {
  OutputOf,
  ParametersOf,
  RunOptions,
  SchemaIssue,
  SchemaResult,
  SchemaTypes,
  Skill,
  SkillOptions,
  StandardSchema,
} from "./skill.js";
export type { Skills } from "./skills.js";
export type { WasmSource } from "./wasm/file.js";
export type { LoadLimits } from "./wasm/wait.js";
