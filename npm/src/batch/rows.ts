import type { BatchOptions, Rows } from "./types.js";

/** The parameters of a row. @internal */
export interface PulledRow {
  index: number;
  parameters: object;
}

/**
 * Reads the rows of a batch, and keeps those whose results were not returned yet.
 * @internal
 */
export class RowReader<Row> {
  /** What the rows or the function `parameters` threw. */
  error: unknown;
  readonly #iterator: Iterator<Row> | AsyncIterator<Row>;
  readonly #parameters: BatchOptions<Row, never>["parameters"];
  readonly #pending = new Map<number, Row>();
  #index = 0;
  #peeked: { row: PulledRow | undefined } | undefined;
  #isDone = false;

  constructor(rows: Rows<Row>, parameters: BatchOptions<Row, never>["parameters"]) {
    this.#iterator =
      Symbol.asyncIterator in rows
        ? rows[Symbol.asyncIterator]()
        : (rows as Iterable<Row>)[Symbol.iterator]();
    this.#parameters = parameters;
  }

  /** Returns the next row without consuming it. */
  async peek(): Promise<PulledRow | undefined> {
    this.#peeked ??= { row: await this.next() };
    return this.#peeked.row;
  }

  /** Returns the next row. Rejects if the rows throw; `error` is then what they threw. */
  async next(): Promise<PulledRow | undefined> {
    const peeked = this.#peeked;
    this.#peeked = undefined;
    try {
      return peeked ? peeked.row : await this.#pull();
    } catch (error) {
      this.error = error;
      throw error;
    }
  }

  async #pull(): Promise<PulledRow | undefined> {
    const next = await this.#iterator.next();
    if (next.done) {
      this.#isDone = true;
      return undefined;
    }
    const index = this.#index++;
    this.#pending.set(index, next.value);
    const parameters = this.#parameters ? await this.#parameters(next.value, index) : next.value;
    if (typeof parameters !== "object" || parameters === null)
      throw new TypeError(`The parameters of row ${index} must be an object: set the option "parameters".`);
    return { index, parameters };
  }

  /** Returns a row for its result, and forgets it. */
  take(index: number): Row {
    const row = this.#pending.get(index) as Row;
    this.#pending.delete(index);
    return row;
  }

  /** Closes the iterator, unless it has ended. */
  async close(): Promise<void> {
    if (!this.#isDone) await Promise.resolve(this.#iterator.return?.()).catch(() => {});
  }
}
