import type { ExecuteOptions } from "../recovery.js";
import type { BatchEntry } from "./store.js";
import type { BatchProgress, BatchResult } from "./types.js";

/** A result as the WebAssembly creates it. */
export interface RowOutcome extends Omit<BatchResult, "row" | "output"> {
  /** Response of the execution, if there is one. */
  execution?: { success: boolean; result?: unknown; error?: string };
}

/** A command to a running batch. A number is the new maximum of executions. */
export type Command = "pause" | "continue" | "cancel" | number;

/** What the WebAssembly reads and calls while it runs a batch. */
export interface BatchIo {
  id: string;
  concurrency: number | undefined;
  maxExecutions: number | undefined;
  retryFailed: number | undefined;
  ordered: boolean;
  sessionId: string | undefined;
  /** Options of each execution. The signal stops the batch. */
  call: ExecuteOptions;
  /** Whether the store outlives the page. */
  isDurable: boolean;
  read(from: number, to: number): PromiseLike<BatchEntry[]>;
  write(entries: BatchEntry[]): PromiseLike<void>;
  /** Returns the parameters of the next row; undefined after the last. */
  nextRow(): Promise<object | undefined>;
  /** Takes a result. The next one follows once the promise has resolved. */
  addResult(outcome: RowOutcome): Promise<void>;
  setProgress(progress: CoreProgress): void;
  /** Returns the next command; undefined at the end. */
  nextCommand(): Promise<Command | undefined>;
}

/** Progress as the WebAssembly counts it. */
export type CoreProgress = Omit<BatchProgress, "total" | "ratePerMinute" | "secondsLeft" | "spentUsd">;
