import { isBrowserUseError } from "./error.js";
import { JournalError } from "./generated/errors.js";
import type { ExecuteSkillResponse } from "./generated/models.js";
import type { RequestOptions } from "./options.js";
import { queueUp } from "./turn.js";

/**
 * Where running executions are written down, so that a page or worker that comes after can ask for their output: a
 * store of strings that outlives the page. `browser-use-skills/journal` has some ready made.
 *
 * Written are ids, times and the `tag`: no key and no parameters.
 */
export interface Journal {
  /** What was set under a key; null or undefined if nothing was. */
  get(key: string): string | null | undefined | PromiseLike<string | null | undefined>;
  /** Keeps a value. A promise is awaited before anything is sent. */
  set(key: string, value: string): unknown;
  /** Forgets a value. */
  delete(key: string): unknown;
}

/** How an execution is found again whose answer was lost. */
export interface RecoverOptions {
  /**
   * How long an execution may take to show up in the skill's list, in milliseconds. If it is not there after that, the
   * request never arrived.
   * @defaultValue 10,000
   */
  grace?: number | undefined;
  /** A word of one's own about this execution: written to the journal, and told by `resume()`. */
  tag?: string | undefined;
}

/** What one execution may ask for. */
export interface ExecuteOptions extends RequestOptions {
  /**
   * Never loses what was paid for. Should the answer be lost (a broken connection, a time limit, a gateway's 504), the
   * request is not sent again: the execution is looked for in the skill's list, waited for, and its output fetched.
   *
   * Costs one small request more. Executions of one skill then run one after the other, in all tabs of an origin,
   * because the list does not tell whose is whose.
   */
  recover?: boolean | RecoverOptions | undefined;
}

/** How an execution went. */
export interface Execution<Output = unknown> extends ExecuteSkillResponse<Output> {
  /** True if the answer was lost and this was put together from the skill's list of executions. */
  recovered?: true;
  /** Id of the execution, where it is known: of a recovered one. */
  executionId?: string;
}

/** What one `resume()` may ask for. */
export interface ResumeOptions {
  /** Ends the waiting; the executions go on, and stay in the journal. */
  signal?: AbortSignal | undefined;
  /** How long an execution may take to show up, in milliseconds. Default: 10,000. */
  grace?: number | undefined;
}

/** An execution that an earlier page or worker began. */
export interface ResumedExecution {
  /** The skill. */
  readonly skillId: string;
  /** The word that `execute` was given. */
  readonly tag: string | undefined;
  /** When the request was sent. */
  readonly sentAt: Date;
  /** How it went. Rejects as `execute` does; a rejection that nobody handles is not reported. */
  readonly result: Promise<Execution>;
}

/** One line of the journal. */
interface Entry {
  id: string;
  skillId: string;
  known: string[];
  sentAt: number;
  tag?: string | undefined;
}

const KEY = "browser-use-skills.executions";

/** How long the page before this one may take to end, in milliseconds, when a page is reloaded. */
const PATIENCE = 1_000;

const nameOf = (skillId: string) => `${KEY}/${skillId}`;

function isEntry({ skillId, known, sentAt }: Partial<Entry>): boolean {
  return typeof skillId === "string" && Array.isArray(known) && typeof sentAt === "number";
}

/**
 * Executions that must not be lost: one at a time for each skill, and written down while they run.
 * @internal
 */
export class Recoveries {
  readonly #journal: Journal | undefined;

  constructor(journal: Journal | undefined) {
    this.#journal = journal;
  }

  /** Runs one. `send` gets what the wasm needs to know. */
  async run<Answer>(
    skillId: string,
    { tag, grace }: RecoverOptions,
    send: (recover: object) => Promise<Answer>,
  ): Promise<Answer> {
    const turn = queueUp(nameOf(skillId));
    const entry: Entry = { id: String(Math.random()), skillId, known: [], sentAt: 0, tag };
    const note = async (known: string[]) => {
      await this.#change((entries) => [...entries, { ...entry, known, sentAt: Date.now() }]);
    };
    try {
      const journal = this.#journal && { note };
      return await this.#settle(entry, send({ grace, turn: turn.come, ...journal }), false);
    } finally {
      turn.leave();
    }
  }

  /** Picks up those that nobody is at any more. */
  async resume(
    search: (skillId: string, known: string[]) => Promise<Execution>,
  ): Promise<ResumedExecution[]> {
    const skills = new Set((await this.#read()).map((entry) => entry.skillId));
    const resumed = await Promise.all([...skills].map((skillId) => this.#resume(skillId, search)));
    return resumed.flat();
  }

  async #resume(
    skillId: string,
    search: (skillId: string, known: string[]) => Promise<Execution>,
  ): Promise<ResumedExecution[]> {
    const turn = queueUp(nameOf(skillId), PATIENCE);
    const isFree = await turn.come;
    // Read again: who was at it a moment ago may have finished.
    const entries = await this.#read().catch((error: unknown) => {
      turn.leave();
      throw error;
    });
    const left = entries.filter((entry) => isFree && entry.skillId === skillId);
    const resumed = left.map((entry) => {
      const result = this.#settle(entry, search(skillId, entry.known), true);
      result.catch(() => {});
      return { skillId, tag: entry.tag, sentAt: new Date(entry.sentAt), result };
    });
    void Promise.allSettled(resumed.map(({ result }) => result)).then(turn.leave);
    return resumed;
  }

  /** Strikes an entry out, unless its outcome stays open. */
  async #settle<Answer>(entry: Entry, running: Promise<Answer>, isOpenAfterAbort: boolean): Promise<Answer> {
    let isOpen = false;
    try {
      return await running;
    } catch (error) {
      isOpen = isBrowserUseError(error)
        ? error.maybeExecuted && error.code !== "ambiguous_execution"
        : isOpenAfterAbort;
      throw error;
    } finally {
      // Too late to fail for the journal's sake: the answer is there.
      if (!isOpen)
        await this.#change((entries) => entries.filter(({ id }) => id !== entry.id)).catch(() => {});
    }
  }

  async #read(): Promise<Entry[]> {
    try {
      const text = await this.#journal?.get(KEY);
      return text ? (JSON.parse(text) as Entry[]).filter(isEntry) : [];
    } catch (cause) {
      throw new JournalError({ code: "journal", message: "The journal could not be read", cause });
    }
  }

  async #change(change: (entries: Entry[]) => Entry[]): Promise<void> {
    if (!this.#journal) return;
    const turn = queueUp(KEY);
    await turn.come;
    try {
      const entries = change(await this.#read());
      await (entries.length > 0
        ? this.#journal.set(KEY, JSON.stringify(entries))
        : this.#journal.delete(KEY));
    } finally {
      turn.leave();
    }
  }
}
