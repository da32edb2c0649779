// Entry `browser-use-skills/batch`: runs a skill for many rows.
export { Batch, batch } from "./batch/batch.js";
export { indexedDbStore } from "./batch/indexed-db.js";
export type { BatchEntry, BatchStore } from "./batch/store.js";
export { parametersFromText } from "./batch/text-parameters.js";
export type {
  BatchBudget,
  BatchOptions,
  BatchProgress,
  BatchResult,
  PauseReason,
  Rows,
} from "./batch/types.js";
