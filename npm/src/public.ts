export { BrowserUse } from "./client.js";
export { BrowserUseError, type Issue, isBrowserUseError } from "./error.js";
export * from "./generated/errors.js";
export * from "./generated/models.js";
export type { Marketplace, OperationName } from "./generated/resources.js";
// Only what a star exports can be merged with by those who import it from the package.
export * from "./known.js";
export type {
  BrowserUseOptions,
  CallEvent,
  CallFailed,
  CreateAndWaitOptions,
  FetchInit,
  FetchLike,
  KeyRequest,
  Pending,
  RequestOptions,
  RequestSent,
  ResponseLike,
  ResponsePromise,
  ResponseReceived,
  RetryPlanned,
  WaitOptions,
  WithResponse,
} from "./options.js";
export type { Page, PagePromise } from "./page.js";
export type {
  Delivery,
  ExecuteOptions,
  Execution,
  Journal,
  RecoverOptions,
  ResumedExecution,
  ResumeOptions,
} from "./recovery.js";
export type {
  Member,
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
export type { LoadFailureReason, WasmSource } from "./wasm/file.js";
export type { LoadLimits } from "./wasm/wait.js";
