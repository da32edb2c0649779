// @ts-check
/** A batch in a page of tests/browser/batch.test.mjs: its state is in IndexedDB, which all pages of the browser share. */
import { BrowserUse } from "browser-use-skills";
import { batch, indexedDbStore } from "browser-use-skills/batch";
import { indexedDbJournal } from "browser-use-skills/journal";

/** What a page has seen. `results` are rows in the order in which they were returned. */
const state = {
  /** @type {{ n: number, status: string, result: unknown, candidates: number }[]} */
  results: [],
  /** @type {string | undefined} */
  error: undefined,
  isFollowing: false,
  isDone: false,
};
Object.assign(globalThis, { batch: state });

/** @param {{ baseUrl: string, skillId: string, rows: number, concurrency: number }} given */
export async function runBatch({ baseUrl, skillId, rows, concurrency }) {
  const client = new BrowserUse({
    apiKey: "bu_1",
    baseUrl,
    journal: indexedDbJournal(),
    maxConcurrent: concurrency,
  });
  const skill = /** @type {any} */ ({ id: skillId, parameters: [{ name: "n", type: "number" }] });
  const run = batch(
    client.skill(skill),
    Array.from({ length: rows }, (_, n) => ({ n })),
    {
      id: "proof",
      store: indexedDbStore(),
      concurrency,
      onProgress: ({ isFollowing }) => {
        state.isFollowing ||= isFollowing;
      },
    },
  );
  try {
    for await (const { row, status, output, candidates } of run)
      state.results.push({ n: row.n, status, result: output, candidates: candidates?.length ?? 0 });
  } catch (error) {
    state.error = String(error);
  }
  state.isDone = true;
}
