import type { BrowserUseError } from "../error.js";
import type { SkillExecutionView } from "../generated/models.js";
import type { ExecuteOptions } from "../recovery.js";
import type { BatchStore } from "./store.js";

/** Rows of a batch. An async iterable is read as the batch proceeds, so it may be larger than the memory. */
export type Rows<Row> = Iterable<Row> | AsyncIterable<Row>;

/** Limit of what a batch may cost. It is never exceeded, not even by one execution. */
export interface BatchBudget {
  /** Maximum number of executions, over all sessions of the batch. */
  executions?: number | undefined;
  /**
   * Maximum amount in US dollars, measured by the account's balance. What others spend in the meantime counts too. The first
   * execution runs alone, because its price is not known before; later ones are assumed to cost the highest price so far.
   */
  usd?: number | undefined;
}

/** Options of a batch. */
export interface BatchOptions<Row, Parameters extends object = Record<string, unknown>> {
  /**
   * Names the batch in the store. A later call with the same id and rows continues the batch: finished rows are returned from
   * the store, and not run again. Required with a `store`.
   */
  id?: string | undefined;
  /**
   * Returns the parameters of a row. Must return equal parameters whenever the batch is continued.
   * @defaultValue the row itself
   */
  parameters?: ((row: Row, index: number) => Parameters | PromiseLike<Parameters>) | undefined;
  /**
   * Maximum number of rows that run at once. The client's `maxConcurrent` applies too, and is shared with other calls.
   * @defaultValue `maxConcurrent` of the client, or 10
   */
  concurrency?: number | undefined;
  /**
   * Where finished rows are stored. The client must have a `journal` that survives as long as the store.
   * @defaultValue in memory: the batch ends with the page
   */
  store?: BatchStore | undefined;
  /** Limit of what the batch may cost. When it is reached, the batch pauses. */
  budget?: BatchBudget | undefined;
  /**
   * How often a row is run again if the skill reports a failure. Each run is paid for.
   * @defaultValue 0
   */
  retryFailed?: number | undefined;
  /**
   * Which rows are validated before the first one runs. `"all"` reads all rows twice: they must be an array, or an iterable that
   * can be iterated again. `"each"` validates a row before it runs. A row that is found to be invalid later is `"rejected"`.
   * @defaultValue `"first"`
   */
  validate?: "first" | "all" | "each" | undefined;
  /**
   * Whether results are returned in the order of the rows, instead of as they finish.
   * @defaultValue false
   */
  ordered?: boolean | undefined;
  /** Session to run in, so that all rows use the same IP address. A UUID. */
  sessionId?: string | undefined;
  /** Options of each execution: limits, headers, `recover.grace` and `recover.accept`. */
  execute?: Omit<ExecuteOptions, "signal" | "retry" | "extraBody" | "onEvent"> | undefined;
  /** Stops the batch. Rows that run stay in the journal, and continue with the batch. */
  signal?: AbortSignal | undefined;
  /** Receives the progress, at most ten times per second. Errors it throws are ignored. */
  onProgress?: ((progress: BatchProgress) => void) | undefined;
}

/** How a row ended. */
export interface BatchResult<Row = unknown, Output = unknown> {
  /** Index of the row, from 0. */
  index: number;
  /** The row. */
  row: Row;
  /**
   * - `"done"`: the skill succeeded.
   * - `"failed"`: the skill ran and reported a failure.
   * - `"rejected"`: the parameters are invalid, or the API refused the row. Nothing was executed.
   * - `"unknown"`: whether the row was executed cannot be proved. It is never run again.
   */
  status: "done" | "failed" | "rejected" | "unknown";
  /** Result of the skill. Only if `status` is `"done"`. */
  output?: Output;
  /** Why the row has no output. `code` is that of an error of the library. */
  error?: Pick<BrowserUseError, "code" | "message">;
  /** Id of the execution, if it is known. */
  executionId?: string;
  /** Number of executions. For an unknown row, including the one that is uncertain. */
  attempts: number;
  /** The executions that may be the row's. Only if `status` is `"unknown"`. */
  candidates?: SkillExecutionView[];
}

/**
 * Why a batch starts no rows:
 * - `"caller"`: `pause()` was called.
 * - `"budget"`: another execution could exceed the budget.
 * - `"credits"`: the account has too few credits.
 * - `"authentication"`: the API key was rejected, or must not use the skill.
 * - `"skill"`: the skill does not exist, is disabled or not finished.
 * - `"network"`: the network or the server has failed repeatedly.
 * - `"journal"`: the journal has failed repeatedly. Nothing is sent without it.
 * - `"store"`: the store has failed repeatedly. The batch continues once a write succeeds.
 */
export type PauseReason =
  | "caller"
  | "budget"
  | "credits"
  | "authentication"
  | "skill"
  | "network"
  | "journal"
  | "store";

/** Progress of a batch. */
export interface BatchProgress {
  /** Rows whose skill succeeded. */
  done: number;
  /** Rows whose skill reported a failure. */
  failed: number;
  /** Rows with invalid parameters, and those that the API refused. */
  rejected: number;
  /** Rows whose outcome cannot be proved. */
  unknown: number;
  /** Rows that run. */
  running: number;
  /** Rows that were read and wait. */
  queued: number;
  /** Number of rows, if it is known. */
  total?: number | undefined;
  /** Executions that were started, over all sessions of the batch, at most. */
  executions: number;
  /** Amount that was spent since the batch began, in USD. Only with `budget.usd`. */
  spentUsd?: number | undefined;
  /** Whether another tab works on the batch, and this one returns its results. */
  isFollowing: boolean;
  /** Rows that ended per minute, over the last minute. */
  ratePerMinute: number;
  /** Estimated time until all rows have ended, in seconds, if it is known. */
  secondsLeft?: number | undefined;
  /** Why the batch is paused, if it is. */
  paused?: PauseReason | undefined;
}
