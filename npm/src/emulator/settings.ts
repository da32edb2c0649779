import type { OperationName } from "../generated/resources.js";

/** Settings of the emulator. The default prices and limits are examples: those of the cloud differ and change. */
export interface EmulatorSettings {
  /** The only accepted API key. Default: any. */
  apiKey?: string | null;
  /** Duration of a skill generation, in milliseconds. Default in a page or a test: 50. */
  generationMs?: number;
  /** Duration of an execution, in milliseconds. Default in a page or a test: 5. */
  executionMs?: number;
  /** Balance of the account, in US dollars. Default: 100. */
  credits?: number;
  /** Price of a creation, in US dollars. Default: 1. */
  createCost?: number;
  /** Price of an execution, in US dollars. Default: 0.02. */
  executeCost?: number;
  /** Minimum balance for a creation, in US dollars. Default: 2. */
  minimumToCreate?: number;
  /** Minimum balance for an execution, in US dollars. Default: 0.10. */
  minimumToExecute?: number;
  /** Name of the plan. Default: null, an account without a subscription. */
  plan?: string | null;
  /** Time after which a session without an execution ends, in milliseconds. Default: 900,000. */
  sessionIdleMs?: number;
  /** Maximum number of concurrent generations, executions and sessions. Default: 3. */
  maxSessions?: number;
  /** Maximum number of enabled skills. Default: 50. */
  maxEnabledSkills?: number;
  /** Seed of the random generator. The same seed produces the same ids. */
  seed?: number;
}

/** A fault to inject into the next requests. */
export type EmulatorFault = {
  /** Affects only requests of this operation. Default: all. */
  operation?: OperationName;
  /** Number of requests affected. Default: 1. */
  count?: number;
  /** Number of matching requests to skip first. Default: 0. */
  skip?: number;
  /** Probability that a matching request is affected, from 0 to 1; derived from `seed`. Default: 1. */
  chance?: number;
  /** Whether the fault occurs before or after the operation runs. `after` loses only the response. */
  when?: "before" | "after";
} & (
  | {
      /** Responds with a status. */
      kind: "status";
      /** HTTP status. */
      status: number;
      /** Value of the `Retry-After` header. */
      retryAfter?: string;
      /** JSON body. */
      body?: unknown;
      /** Additional headers. */
      headers?: Record<string, string>;
    }
  | {
      /** Delays the response. */
      kind: "delay";
      /** Delay, in milliseconds. */
      ms: number;
    }
  | {
      /** Responds with a redirect. */
      kind: "redirect";
      /** Value of the `Location` header. */
      location: string;
    }
  | {
      /** Responds with a large result. */
      kind: "big";
      /** Size of the result, in bytes. */
      bytes: number;
    }
  | {
      /**
       * - `stallHeaders`, `stallBody`: the response never arrives, or never ends.
       * - `drop`, `dropBody`: the connection breaks before the response, or during its body.
       * - `truncate`, `notJson`, `empty`, `wrongType`: the body is invalid.
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

/** A request that the emulator received. */
export interface EmulatorRequest {
  /** The operation; null if the URL is not part of the API. */
  operation: OperationName | null;
  /** HTTP method. */
  method: string;
  /** Absolute path, without the query. */
  path: string;
  /** HTTP status of the response. */
  status: number;
}

/** The requests that the emulator received. */
export interface EmulatorRequests {
  /** Number of requests per operation. */
  counts: Partial<Record<OperationName, number>>;
  /** The most recent requests, oldest first. */
  log: EmulatorRequest[];
}
