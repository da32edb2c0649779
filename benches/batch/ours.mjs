// @ts-check
// The batch of this library. It resumes the rows that a killed process has started.
import { join } from "node:path";
import { fileJournal, fileStore } from "./files.mjs";

const entry = (/** @type {string} */ name) => new URL(`../../pkg/${name}`, import.meta.url).href;
/** @type {typeof import("browser-use-skills")} */
const { BrowserUse } = await import(entry("node.js"));
/** @type {typeof import("browser-use-skills/batch")} */
const { batch } = await import(entry("batch.js"));

/** @type {import("./run.mjs").Program} */
export async function run({ baseUrl, apiKey, skillId, rows, concurrency, folder }, onResult) {
  const journal = fileJournal(join(folder, "journal.json"));
  const client = new BrowserUse({ baseUrl, apiKey, journal, maxConcurrent: concurrency });
  const skill = /** @type {any} */ ({ id: skillId, parameters: [{ name: "n", type: "number" }] });
  const store = fileStore(join(folder, "rows.ndjson"));
  const results = batch(client.skill(skill), rows, { id: "bench", store, concurrency });
  for await (const { row, status, output } of results)
    if (status === "done") onResult(/** @type {any} */ (row), output);
}
