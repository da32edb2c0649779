// @ts-check
/** Runs a skill for each row of a table once, even if the worker is killed: tests/browser/extension.kills.test.mjs. */
import { BrowserUse, isBrowserUseError } from "/browser-use-skills/index.js";
import { extensionJournal } from "/browser-use-skills/journal.js";
import { append, deliveries } from "./results.js";

/** @typedef {import("browser-use-skills").Execution} Execution */

/**
 * @typedef {object} Work
 * @property {string} baseUrl
 * @property {number} rows
 * @property {number} grace
 * @property {number} storing - Time to store a result, in milliseconds.
 */

const SKILL = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
/** Identifies this start of the worker. */
const worker = crypto.randomUUID();

// The name of the port contains the work: a new worker has no state.
chrome.runtime.onConnect.addListener(async (port) => {
  port.postMessage({ worker });
  port.postMessage({ failures: await work(JSON.parse(port.name)) });
});

/** Resumes the runs of the last worker, then runs the rows without a result. @param {Work} work */
async function work({ baseUrl, rows, grace, storing }) {
  const client = new BrowserUse({ apiKey: "bu_1", baseUrl, maxConcurrent: 10, journal: extensionJournal() });
  /** @type {Map<number, string>} */
  const failures = new Map();
  const attempt = async (/** @type {number} */ row, /** @type {() => Promise<unknown>} */ run) => {
    try {
      await run();
    } catch (error) {
      // A request that never arrived can be sent again.
      if (!isBrowserUseError(error) || error.maybeExecuted) failures.set(row, String(error));
    }
  };
  const store = async (/** @type {number} */ row, /** @type {Execution} */ { result, recovered }) => {
    await new Promise((resolve) => setTimeout(resolve, storing));
    await append({ row, result, isRecovered: recovered === true });
  };

  const resumed = await client.resume();
  await Promise.all(
    resumed.map((run) => {
      const row = Number(run.tag);
      return attempt(row, async () => {
        await store(row, await run.result);
        await run.acknowledge();
      });
    }),
  );
  const stored = new Set((await deliveries()).map(({ row }) => row));
  const left = Array.from({ length: rows }, (_, row) => row).filter(
    (row) => !stored.has(row) && !failures.has(row),
  );
  await Promise.all(
    left.map((row) => {
      const deliver = (/** @type {Execution} */ execution) => store(row, execution);
      const recover = { tag: String(row), grace, deliver };
      return attempt(row, () => client.skills.execute(SKILL, { parameters: { n: row } }, { recover }));
    }),
  );
  return [...failures];
}
