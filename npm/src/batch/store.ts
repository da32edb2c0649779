/** A stored value of a batch: its header, or the state of a row. A plain object that `JSON.stringify` preserves. */
export interface BatchEntry {
  /** Index of the row, from 0; negative for entries about the batch. */
  index: number;
  /** The value, in a format of the library. */
  value: object;
}

/**
 * Storage for batches, which must outlive the page: the results of finished rows, and what was started. It contains outputs,
 * and never the key. {@link indexedDbStore} is one for browsers.
 */
export interface BatchStore {
  /** Returns the entries of a batch with `from <= index < to`, in order of their index. */
  read(batch: string, from: number, to: number): PromiseLike<BatchEntry[]>;
  /** Writes or replaces entries: all of them or none. Resolves once they are stored. */
  write(batch: string, entries: BatchEntry[]): PromiseLike<void>;
}
