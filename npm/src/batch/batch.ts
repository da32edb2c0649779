import type { Client } from "wasm-client";
import type { SkillResponse } from "../generated/models.js";
import { loadCsv } from "../load-csv.js";
import type { Skill } from "../skill.js";
import { Channel } from "./channel.js";
import type { BatchIo, Command, CoreProgress, RowOutcome } from "./io.js";
import { memoryStore } from "./memory.js";
import { Rate } from "./rate.js";
import { type PulledRow, RowReader } from "./rows.js";
import type { BatchStore } from "./store.js";
import type { BatchOptions, BatchProgress, BatchResult, Rows } from "./types.js";
import { UsdBudget } from "./usd-budget.js";

const IDLE: CoreProgress = {
  done: 0,
  failed: 0,
  rejected: 0,
  unknown: 0,
  running: 0,
  queued: 0,
  executions: 0,
  isFollowing: false,
};

/**
 * Runs a skill for many rows. Each row is paid for once per attempt: across reloads, killed workers, lost responses and tabs with the
 * same batch id, one of which works while the others follow. A row whose outcome cannot be proved ends as `"unknown"`, and is not
 * run again.
 *
 * Nothing is sent before the batch is iterated. After a reload, the same call continues it.
 *
 * @example
 * const run = batch(client.skill(id), rows, { id: "prices-2026-11", store: indexedDbStore(), retryFailed: 1 });
 * for await (const { index, status, output } of run) show(index, status, output);
 */
export function batch<Row, Parameters extends object, Output>(
  skill: Skill<Parameters, Output>,
  rows: Rows<Row>,
  options: BatchOptions<Row, Parameters> = {},
): Batch<Row, Output> {
  return new Batch(skill as Skill<never, unknown>, rows, options as BatchOptions<Row, never>);
}

/** A batch. See {@link batch}. */
export class Batch<Row = unknown, Output = unknown> implements AsyncIterable<BatchResult<Row, Output>> {
  /** Names the batch in the store. */
  readonly id: string;
  readonly #skill: Skill<object, unknown>;
  readonly #rows: Rows<Row>;
  readonly #options: BatchOptions<Row, never>;
  readonly #store: BatchStore;
  readonly #sessions = new Set<Session>();
  /** Number of rows, once all were read. */
  #count: number | undefined;
  #progress: BatchProgress = { ...IDLE, ratePerMinute: 0 };

  /** @internal */
  constructor(skill: Skill<never, unknown>, rows: Rows<Row>, options: BatchOptions<Row, never>) {
    if (options.store && !options.id)
      throw new TypeError("A batch with a store needs an id, which names it when it is continued.");
    if (options.validate === "all" && !isRepeatable(rows))
      throw new TypeError('validate: "all" reads the rows twice, but an iterator can be read only once.');
    this.id = options.id ?? crypto.randomUUID();
    this.#skill = skill as Skill<object, unknown>;
    this.#rows = rows;
    this.#options = options;
    this.#store = options.store ?? memoryStore();
  }

  /** Progress of the current iteration, or of the last one. */
  get progress(): BatchProgress {
    return this.#progress;
  }

  /**
   * Runs the batch and returns each row once, as it finishes, or in order with `ordered`. Rows that finished earlier come from the
   * store, also after the end. Ending the iteration early stops the batch: running rows stay in the journal, and the next
   * iteration returns them.
   *
   * @throws {@link InvalidRequestError} An option or a validated row is invalid, or a row that was started has other parameters.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<BatchResult<Row, Output>, void, undefined> {
    const reader = new RowReader(this.#rows, this.#options.parameters);
    const session = new Session();
    this.#sessions.add(session);
    const running = this.#run(reader, session).finally(() => session.end());
    // Handled below; the caller may never get there.
    running.catch(() => {});
    try {
      for (;;) {
        const outcome = await session.nextOutcome();
        if (!outcome) break;
        yield toResult(outcome, reader.take(outcome.index));
      }
      await running;
    } finally {
      session.cancel();
      await running.catch(() => {});
      this.#sessions.delete(session);
      await reader.close();
    }
  }

  /** Starts no more rows. Those that are running continue. */
  pause(): void {
    this.#command("pause");
  }

  /** Continues after a pause, for any reason. */
  continue(): void {
    this.#command("continue");
  }

  /**
   * Stops the batch: starts no more rows, and stops waiting for those that are running. These stay in the journal, and the next
   * iteration returns their results. The iteration ends.
   */
  async cancel(): Promise<void> {
    for (const session of this.#sessions) session.cancel();
    await Promise.all([...this.#sessions].map(({ ended }) => ended));
  }

  /** Returns the rows whose outcome cannot be proved. Runs the batch first, if it has not ended. */
  async unknown(): Promise<BatchResult<Row, Output>[]> {
    const found: BatchResult<Row, Output>[] = [];
    for await (const result of this) if (result.status === "unknown") found.push(result);
    return found;
  }

  /** Returns all results, a line of JSON for each. Runs the batch first, if it has not ended. */
  async toNdjson(): Promise<string> {
    let text = "";
    for await (const result of this) text += `${JSON.stringify(result)}\n`;
    return text;
  }

  /**
   * Returns all results as CSV: the columns of the rows, then `index`, `status`, `executionId`, `error` and `output`, which is JSON
   * unless it is a string. Runs the batch first, if it has not ended.
   */
  async toCsv(): Promise<string> {
    const { toCsv } = await loadCsv();
    const results: BatchResult<Row, Output>[] = [];
    for await (const result of this) results.push(result);
    return toCsv(results);
  }

  #command(command: Command): void {
    for (const { commands } of this.#sessions) commands.push(command);
  }

  async #run(reader: RowReader<Row>, session: Session): Promise<void> {
    const { signal, validate = "first" } = this.#options;
    try {
      await this.#skill.use(
        async (client, skill) => {
          if (validate !== "each") await this.#validate(reader, check(client, skill), validate === "all");
          const usd = this.#usdBudget();
          session.usd = usd;
          const io = this.#io(reader, session, usd);
          const max = await usd?.start();
          if (max !== undefined) io.maxExecutions = Math.min(max, io.maxExecutions ?? max);
          await (client.batch(skill, io) as Promise<void>).finally(() => usd?.stop());
        },
        { signal },
      );
    } catch (error) {
      // What the rows threw, instead of the error that says so.
      throw reader.error ?? error;
    }
  }

  /** Validates the first row, or all. */
  async #validate(reader: RowReader<Row>, check: (row: PulledRow) => void, isAll: boolean): Promise<void> {
    const first = await reader.peek();
    if (first) check(first);
    if (!isAll || !first) return;
    const again = new RowReader(this.#rows, this.#options.parameters);
    let count = 0;
    try {
      for (let row = await again.next(); row; row = await again.next()) {
        check(row);
        again.take(row.index);
        count += 1;
      }
      this.#count = count;
    } finally {
      reader.error = again.error;
      await again.close();
    }
  }

  #usdBudget(): UsdBudget | undefined {
    const { budget, signal } = this.#options;
    if (budget?.usd === undefined) return undefined;
    const balance = async () => (await this.#skill.account({ signal })).totalCreditsBalanceUsd;
    return new UsdBudget(budget.usd, balance, this.#store, this.id);
  }

  #io(reader: RowReader<Row>, session: Session, usd: UsdBudget | undefined): BatchIo {
    const rate = new Rate();
    let latest: CoreProgress = IDLE;
    const {
      store,
      concurrency,
      budget,
      retryFailed,
      ordered = false,
      sessionId,
      execute,
      signal,
    } = this.#options;
    return {
      id: this.id,
      concurrency,
      maxExecutions: budget?.executions,
      retryFailed,
      ordered,
      sessionId,
      call: { ...execute, signal },
      isDurable: store !== undefined,
      read: (from, to) => this.#store.read(this.id, from, to),
      write: (entries) => this.#store.write(this.id, entries),
      nextRow: async () => (await reader.next())?.parameters,
      addResult: (outcome) => session.add(outcome),
      setProgress: (progress) => {
        latest = progress;
        this.#setProgress(progress, rate, usd);
        void usd?.follow(progress, (max) => {
          const limit = Math.min(max, budget?.executions ?? max);
          session.commands.push(limit);
          if (latest.paused === "budget" && limit > latest.executions)
            latest = { ...latest, paused: undefined };
          this.#setProgress(latest, rate, usd);
        });
      },
      nextCommand: () => session.commands.next(),
    };
  }

  #setProgress(progress: CoreProgress, rate: Rate, usd: UsdBudget | undefined): void {
    const total = countOf(this.#rows) ?? this.#count;
    const ended = progress.done + progress.failed + progress.rejected + progress.unknown;
    const ratePerMinute = rate.add(ended);
    const secondsLeft =
      total !== undefined && ratePerMinute > 0 ? ((total - ended) / ratePerMinute) * 60 : undefined;
    const paused = progress.paused === "budget" && usd?.isBehind(progress) ? undefined : progress.paused;
    this.#progress = { ...progress, paused, total, ratePerMinute, secondsLeft, spentUsd: usd?.spent };
    try {
      this.#options.onProgress?.(this.#progress);
    } catch {
      // Errors of the caller's listener are ignored.
    }
  }
}

/** One iteration of a batch. */
class Session {
  readonly commands = new Channel<Command>();
  readonly ended: Promise<void>;
  usd: UsdBudget | undefined;
  readonly #outcomes = new Channel<{ outcome: RowOutcome; taken: () => void }>();
  #resolveEnded: () => void = () => {};

  constructor() {
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  /** Adds an outcome. Resolves once it was taken. */
  add(outcome: RowOutcome): Promise<void> {
    return new Promise((taken) => this.#outcomes.push({ outcome, taken }));
  }

  async nextOutcome(): Promise<RowOutcome | undefined> {
    const next = await this.#outcomes.next();
    next?.taken();
    return next?.outcome;
  }

  cancel(): void {
    this.usd?.stop();
    this.commands.push("cancel");
  }

  end(): void {
    this.#outcomes.end();
    this.commands.end();
    this.#resolveEnded();
  }
}

/** Returns a function that throws the error of an invalid row, with its index. */
function check(client: Client, skill: SkillResponse): (row: PulledRow) => void {
  const { checkParameters } = client.constructor as typeof Client;
  return ({ index, parameters }) => {
    try {
      checkParameters(skill, parameters);
    } catch (error) {
      const failure = (error as { failure?: { message: string } }).failure;
      if (failure) failure.message = `Row ${index}: ${failure.message}`;
      throw error;
    }
  };
}

/** Whether rows can be read a second time: an iterator, such as a generator, is its own iterable. */
function isRepeatable<Row>(rows: Rows<Row>): boolean {
  return !("next" in rows);
}

/** Number of rows, if it is known. */
function countOf<Row>(rows: Rows<Row>): number | undefined {
  const { length, size } = rows as { length?: unknown; size?: unknown };
  return [length, size].find((count) => typeof count === "number") as number | undefined;
}

function toResult<Row, Output>({ execution, ...outcome }: RowOutcome, row: Row): BatchResult<Row, Output> {
  if (outcome.status === "done") return { ...outcome, row, output: execution?.result as Output };
  if (outcome.status !== "failed") return { ...outcome, row };
  const message = execution?.error ?? "The skill ran and failed";
  return { ...outcome, row, error: { code: "skill_execution", message } };
}
