import type { Resumed } from "wasm-client";
import { untilCrash } from "./crash.js";
import type { CallEvent } from "./events.js";
import type { ExecuteSkillResponse } from "./generated/models.js";
import type { RequestOptions } from "./options.js";
import { mapErrors } from "./reject.js";

/** Recognises and stores executions whose response may be lost. */
export interface Delivery {
  /**
   * Stores the execution. Once it resolves, the journal entry is removed and the promise of the call resolves. If it
   * rejects or the page closes before that, `resume()` delivers the execution again.
   * @defaultValue none: the entry is kept for 10 minutes after the response arrived, or until it is acknowledged or
   * discarded
   */
  deliver?: ((execution: Execution) => unknown) | undefined;
  /**
   * Returns whether a result belongs to this run. For shared accounts (`sharedAccount`): a lost execution is recovered only
   * if this returns true for exactly one execution.
   * @defaultValue none: losing an execution in a shared account is an `AmbiguousExecutionError`
   */
  accept?: ((result: unknown) => boolean | PromiseLike<boolean>) | undefined;
  /**
   * Time within which an execution appears in the list, in milliseconds. If it does not, its request never reached the
   * server, and `maybeExecuted` of the error is false.
   * @defaultValue 20,000
   */
  grace?: number | undefined;
}

/** Options of the recovery of lost responses. */
export interface RecoverOptions extends Delivery {
  /** Your own label for this execution. Stored in the journal and returned by `resume()`. */
  tag?: string | undefined;
}

/** Options of one execution. */
export interface ExecuteOptions extends RequestOptions {
  /**
   * Recovers the result of a paid execution if its response is lost: by a broken connection, a timeout or a gateway's 504.
   * The request is not repeated. While waiting for the response, the client polls the skill's list of executions until it
   * contains the execution; after a loss, it waits for that execution to end and fetches its output.
   *
   * Costs one or two small requests. Executions of one skill may overlap, but start one at a time, across all tabs of an
   * origin. With `idempotency`, the client retries with the same key instead, and does not poll.
   */
  recover?: boolean | RecoverOptions | undefined;
}

/** Result of an execution. */
export interface Execution<Output = unknown> extends ExecuteSkillResponse<Output> {
  /** True if the response was lost and this result was recovered from the skill's list of executions. */
  recovered?: true;
  /** Id of the execution. Set only if it was recovered. */
  executionId?: string;
}

/** Options of `resume()`. */
export interface ResumeOptions extends Delivery {
  /** Aborts the wait. The executions continue and stay in the journal. */
  signal?: AbortSignal | undefined;
  /**
   * Timeout of the wait for each result, in milliseconds.
   * @defaultValue 15 minutes after the execution was found
   */
  totalTimeout?: number | undefined;
  /** Receives the events of the searches for the executions. Errors it throws are ignored. */
  onEvent?: ((event: CallEvent) => void) | undefined;
}

/** An execution started by an earlier page or worker. */
export interface ResumedExecution {
  /** Id of the journal entry. */
  readonly id: string;
  /** Id of the skill. */
  readonly skillId: string;
  /** Id of the execution, if already known. */
  readonly executionId: string | undefined;
  /** The `tag` passed to `execute`. */
  readonly tag: string | undefined;
  /** When the request was sent. */
  readonly sentAt: Date;
  /** The result. Rejects as `execute` does; an unhandled rejection is not reported. */
  readonly result: Promise<Execution>;
  /**
   * Removes the entry from the journal. Call it once the result is stored. Until then, or until the page closes, no other
   * tab resumes the execution. Not needed with `deliver`.
   */
  acknowledge(): Promise<void>;
}

/**
 * Converts a run that the WebAssembly found in the journal.
 * @internal
 */
export function toResumedExecution(run: Resumed): ResumedExecution {
  const outcome = mapErrors(untilCrash(() => run.result() as Promise<{ data: Execution }>));
  const result = outcome.then(({ data }) => data);
  result.catch(() => {});
  return {
    ...(run.entry() as Omit<ResumedExecution, "result" | "acknowledge">),
    result,
    acknowledge: () => mapErrors(untilCrash(() => run.acknowledge() as Promise<void>)),
  };
}
