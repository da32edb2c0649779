export { BrowserUse } from "./client.js";
export { BrowserUseError, type Issue, isBrowserUseError } from "./error.js";
export * from "./generated/errors.js";
export * from "./generated/models.js";
export type { Marketplace, OperationName, Skills } from "./generated/resources.js";
export type { WasmSource } from "./load.js";
export type {
  BrowserUseOptions,
  FetchInit,
  FetchLike,
  KeyRequest,
  RequestOptions,
  ResponseLike,
  ResponsePromise,
  WithResponse,
} from "./options.js";
