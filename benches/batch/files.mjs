// @ts-check
/** A journal and a store of a batch in files. */
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

/** @param {string} path @returns {import("browser-use-skills").Journal} */
export function fileJournal(path) {
  const read = () => (existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {});
  const write = (/** @type {object} */ values) => {
    writeFileSync(`${path}.next`, JSON.stringify(values));
    renameSync(`${path}.next`, path);
  };
  return {
    get: (key) => read()[key],
    set: (key, value) => write({ ...read(), [key]: value }),
    delete: (key) => write({ ...read(), [key]: undefined }),
  };
}

/** @param {string} path */
export function fileStore(path) {
  /** @type {Map<number, object>} */
  const values = new Map();
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
  for (const line of lines) for (const { index, value } of JSON.parse(line)) values.set(index, value);
  return {
    read: async (/** @type {string} */ _, /** @type {number} */ from, /** @type {number} */ to) =>
      [...values]
        .filter(([index]) => from <= index && index < to)
        .map(([index, value]) => ({ index, value })),
    write: async (/** @type {string} */ _, /** @type {{ index: number, value: object }[]} */ entries) => {
      appendFileSync(path, `${JSON.stringify(entries)}\n`);
      for (const { index, value } of entries) values.set(index, value);
    },
  };
}
