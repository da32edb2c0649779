import type { BatchEntry, BatchStore } from "./store.js";

/** Returns a store in memory. @internal */
export function memoryStore(): BatchStore {
  const values = new Map<number, object>();
  return {
    async read(_, from, to) {
      const found: BatchEntry[] = [];
      for (let index = from; index < to; index++) {
        const value = values.get(index);
        if (value) found.push({ index, value });
      }
      return found;
    },
    async write(_, entries) {
      for (const { index, value } of entries) values.set(index, value);
    },
  };
}
