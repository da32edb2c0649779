import type { Resumed } from "wasm-client";
import { untilCrash } from "./crash.js";
import type { ExecuteSkillResponse } from "./generated/models.js";
import type { RequestOptions } from "./options.js";
import { explained } from "./reject.js";

/**
 * Where executions are written down from before their request until their outcome is acknowledged, so that a page or
 * worker that comes after can ask for them: a store of strings that outlives the page. `browser-use-skills/journal` has
 * some ready-made.
 *
 * Written are ids, times and the `tag`: no key, no parameters, no results.
 */
export interface Journal {
  /** What was set under a key; null or undefined if nothing was. */
  get(key: string): string | null | undefined | PromiseLike<string | null | undefined>;
  /** Keeps a value. A promise is awaited before anything is sent. */
  set(key: string, value: string): unknown;
  /** Forgets a value. */
  delete(key: string): unknown;
}

/** Recognises and stores executions whose response may be lost. */
export interface Delivery {
  /**
   * Stores the execution. Its entry in the journal is removed once this has resolved, and the promise of the call
   * resolves after that. If it rejects, or the page ends meanwhile, `resume()` hands the execution over again.
   * @defaultValue none: the entry is kept for 10 minutes after the response arrived, or until it is acknowledged or
   * discarded
   */
  deliver?: ((execution: Execution) => unknown) | undefined;
  /**
   * Recognises the result of this run, where others use the account too (`sharedAccount`): a lost execution is then
   * handed over only if this returns true for it, and for no other.
   * @defaultValue none: a lost execution in a shared account is an `AmbiguousExecutionError`
   */
  accept?: ((result: unknown) => boolean | PromiseLike<boolean>) | undefined;
  /**
   * How long an execution may take to be listed, in milliseconds. If it is not listed by then, its request never
   * arrived: `maybeExecuted` is false.
   * @defaultValue 20,000
   */
  grace?: number | undefined;
}

/** How an execution is found again whose response was lost. */
export interface RecoverOptions extends Delivery {
  /** A name for the run, kept in the journal: `resume()` returns it. */
  tag?: string | undefined;
}

/** What one execution may ask for. */
export interface ExecuteOptions extends RequestOptions {
  /**
   * Never loses what was paid for. While the response is awaited, the skill's list of executions is polled until it
   * shows the run. If the response is lost (a broken connection, a time limit, a gateway's 504), the request is not
   * repeated: the execution is waited for, and its output fetched.
   *
   * Costs one or two small requests. Runs of one skill overlap; only one at a time starts, in all tabs of an origin.
   * With `idempotency`, the request is repeated under the same key instead, and nothing is polled.
   */
  recover?: boolean | RecoverOptions | undefined;
}

/** How an execution went. */
export interface Execution<Output = unknown> extends ExecuteSkillResponse<Output> {
  /** True if the response was lost and this was put together from the skill's list of executions. */
  recovered?: true;
  /** Id of the execution, where it is known: of a recovered one. */
  executionId?: string;
}

/** What one `resume()` may ask for. */
export interface ResumeOptions extends Delivery {
  /** Ends the waiting; the executions continue, and stay in the journal. */
  signal?: AbortSignal | undefined;
  /**
   * Longest that each result is waited for, in milliseconds.
   * @defaultValue 15 minutes from the moment that the execution is known
   */
  totalTimeout?: number | undefined;
}

/** An execution that an earlier page or worker began. */
export interface ResumedExecution {
  /** Identifies its entry in the journal. */
  readonly id: string;
  /** The skill. */
  readonly skillId: string;
  /** The execution, if it is known yet. */
  readonly executionId: string | undefined;
  /** The name that `execute` was given. */
  readonly tag: string | undefined;
  /** When the request was sent. */
  readonly sentAt: Date;
  /** How it went. Rejects as `execute` does; a rejection that is not handled is not reported. */
  readonly result: Promise<Execution>;
  /**
   * Says that the result was stored: removes the entry from the journal. Until then, or until the page ends, no other tab
   * resumes it. Not needed with `deliver`.
   */
  acknowledge(): Promise<void>;
}

/**
 * A run that the WebAssembly found in the journal.
 * @internal
 */
export function resumed(run: Resumed): ResumedExecution {
  const outcome = explained(untilCrash(() => run.result() as Promise<{ data: Execution }>));
  const result = outcome.then(({ data }) => data);
  result.catch(() => {});
  return {
    ...(run.entry() as Omit<ResumedExecution, "result" | "acknowledge">),
    result,
    acknowledge: () => explained(untilCrash(() => run.acknowledge() as Promise<void>)),
  };
}
