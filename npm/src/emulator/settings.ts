import type { OperationName } from "../generated/resources.js";

/** How the emulator behaves. Prices, limits and durations are its own choice: the cloud's change often. */
export interface EmulatorSettings {
  /** The only key that is accepted. Any by default. */
  apiKey?: string | null;
  /** How long the generation of a skill takes, in milliseconds. Default in a page or a test: 50. */
  generationMs?: number;
  /** How long an execution takes, in milliseconds. Default in a page or a test: 5. */
  executionMs?: number;
  /** What the account holds, in dollars. Default: 100. */
  credits?: number;
  /** What a creation costs, in dollars. Default: 1. */
  createCost?: number;
  /** What an execution costs, in dollars. Default: 0.02. */
  executeCost?: number;
  /** Fewest dollars that a creation asks for. Default: 2. */
  minimumToCreate?: number;
  /** Fewest dollars that an execution asks for. Default: 0.10. */
  minimumToExecute?: number;
  /** How many generations and executions may go on at once. Default: 3. */
  maxSessions?: number;
  /** How many skills may be enabled at once. Default: 50. */
  maxEnabledSkills?: number;
  /** What ids are made from. The same seed gives the same ids. */
  seed?: number;
}

/** Something that goes wrong with the next requests. */
export type EmulatorFault = {
  /** Only with requests of this operation; with any by default. */
  operation?: OperationName;
  /** With how many requests. Default: 1. */
  count?: number;
  /** How many matching requests to let through first. Default: 0. */
  skip?: number;
  /** How likely it is that a matching request meets it, from 0 to 1; `seed` decides which do. Default: 1. */
  chance?: number;
  /** Whether the request is left undone (`before`), or only its answer is lost (`after`). */
  when?: "before" | "after";
} & (
  | { kind: "status"; status: number; retryAfter?: string; body?: unknown; headers?: Record<string, string> }
  | { kind: "delay"; ms: number }
  | { kind: "redirect"; location: string }
  | { kind: "big"; bytes: number }
  | {
      kind:
        | "stallHeaders"
        | "stallBody"
        | "truncate"
        | "notJson"
        | "empty"
        | "drop"
        | "dropBody"
        | "wrongType";
    }
);

/** What the emulator has seen. */
export interface EmulatorRequests {
  /** How many requests of each operation came. */
  counts: Partial<Record<OperationName, number>>;
  /** The latest requests, oldest first. */
  log: Array<{ operation: OperationName | null; method: string; path: string; status: number }>;
}
