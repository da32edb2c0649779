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
  | {
      /** Answers with a status. */
      kind: "status";
      /** Which one. */
      status: number;
      /** The value of a `Retry-After` header. */
      retryAfter?: string;
      /** The body, as JSON. */
      body?: unknown;
      /** More headers. */
      headers?: Record<string, string>;
    }
  | {
      /** Answers later. */
      kind: "delay";
      /** By how many milliseconds. */
      ms: number;
    }
  | {
      /** Answers with a redirect. */
      kind: "redirect";
      /** Where to. */
      location: string;
    }
  | {
      /** Answers with a large result. */
      kind: "big";
      /** How large, in bytes. */
      bytes: number;
    }
  | {
      /**
       * `stallHeaders`, `stallBody`: no answer, or its body never ends. `drop`, `dropBody`: the connection breaks before
       * or in the middle of the body. `truncate`, `notJson`, `empty`, `wrongType`: a body that is not what it should be.
       */
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

/** A request that came. */
export interface EmulatorRequest {
  /** What it asked for; null for an address that is none of the API's. */
  operation: OperationName | null;
  /** Its method. */
  method: string;
  /** Its path from the root, without the query. */
  path: string;
  /** The status of the answer. */
  status: number;
}

/** What the emulator has seen. */
export interface EmulatorRequests {
  /** How many requests of each operation came. */
  counts: Partial<Record<OperationName, number>>;
  /** The latest requests, oldest first. */
  log: EmulatorRequest[];
}
