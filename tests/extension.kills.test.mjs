// @ts-check
/**
 * A Manifest V3 extension whose service worker is killed while it runs rows of a table, against a cloud that loses
 * responses: every row is stored, and none is paid for twice. `ROWS=1000 KILLS=5` makes it the long run.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { root } from "../scripts/lib/run.mjs";
import { loadInChromium } from "./lib/extension.chromium.mjs";
import { copyExtension } from "./lib/extension.mjs";
import { startLossyCloud } from "./lib/lossy-cloud.mjs";

const ROWS = Number(process.env.ROWS ?? 60);
const KILLS = Number(process.env.KILLS ?? 3);
const LOSS = 0.3;
/** Longest that a run takes, in milliseconds; some end before they are listed. */
const RUN_MS = 2_000;
/** How long an execution takes to be listed, and a result to be stored, in milliseconds. */
const LAG_MS = 100;
const STORING_MS = 300;
/** After a kill, how long a request that never arrived is searched for, in milliseconds. */
const GRACE_MS = 5_000;
/** Executions and lists, fewer than a row takes: each kill comes before all rows have run. */
const REQUESTS_OF_A_ROW = 1.5;
/** So many requests after its start, a worker has an open run, or is still at those that it resumes. */
const FEWEST_REQUESTS = 5;

/** @type {Awaited<ReturnType<typeof startLossyCloud>>} */
let cloud;
/** @type {Awaited<ReturnType<typeof copyExtension>>} */
let built;
/** @type {import("./lib/extension.mjs").LoadedExtension} */
let extension;
before(async () => {
  cloud = await startLossyCloud();
  built = await copyExtension(join(root, "tests/extension"));
  extension = await loadInChromium(built.folder);
});
after(async () => {
  await extension?.close();
  await built?.remove();
  await cloud?.close();
});

/** Starts the worker, and gives its id. */
const wake = () =>
  extension.evaluate(
    (work) => {
      const port = chrome.runtime.connect({ name: JSON.stringify(work) });
      /** @type {Promise<string>} */
      const started = new Promise((resolve) => {
        const ended = new Promise((end) => {
          port.onDisconnect.addListener(() => end(undefined));
          port.onMessage.addListener(({ worker, failures }) => (worker ? resolve(worker) : end(failures)));
        });
        Object.assign(globalThis, { ended });
      });
      return started;
    },
    { baseUrl: cloud.baseUrl, rows: ROWS, grace: GRACE_MS, storing: STORING_MS },
  );

/** The rows that failed, once the worker has come to the end; undefined if it was killed. @returns {Promise<unknown>} */
const ended = () => extension.evaluate(() => /** @type {any} */ (globalThis).ended);

/** The runs that the journal has. @returns {Promise<object[]>} */
const journal = () =>
  extension.evaluate(async () => {
    const { entries } = JSON.parse(String(Object.values(await chrome.storage.local.get())[0] ?? "{}"));
    // Besides runs there is the record of the skill, and for a while what was delivered before it was listed.
    return Object.values(entries ?? {}).filter(({ sentAt, past }) => sentAt && !past);
  });

test(`${ROWS} rows are executed and stored once, whatever is lost and killed`, async (context) => {
  cloud.lag = LAG_MS;
  cloud.onExecute = ({ lose, respond, start }) => {
    const execution = start();
    setTimeout(() => {
      if (Math.random() >= LOSS) return respond(execution);
      execution.finishedAt = Date.now();
      cloud.fire("response lost");
      lose();
    }, Math.random() * RUN_MS);
  };
  const began = performance.now();
  /** How many runs each kill left in the journal. @type {number[]} */
  const cutOff = [];
  const workers = new Set([await wake()]);
  const most = (ROWS * REQUESTS_OF_A_ROW) / KILLS - FEWEST_REQUESTS;
  while (cutOff.length < KILLS) {
    // The second kill comes while the runs of the first are resumed.
    const more = cutOff.length === 1 ? 0 : Math.random() * most;
    const requests = cloud.log.length + FEWEST_REQUESTS + more;
    await cloud.when(() => cloud.log.length >= requests);
    await extension.killWorker();
    assert.equal(await ended(), undefined, "the worker came to its end before it was killed");
    cutOff.push((await journal()).length);
    workers.add(await wake());
  }
  const failures = await ended();
  const seconds = (performance.now() - began) / 1000;

  /** @type {import("./extension/results.js").Delivered[]} */
  const delivered = await extension.evaluate(async () => {
    // @ts-expect-error a path of the extension
    const { deliveries } = await import("/results.js");
    return deliveries();
  });
  const rows = new Set(delivered.map(({ row }) => row));
  const wrong = delivered.filter(({ row, result }) => result?.n !== row);
  const paid = cloud.executions.map(({ result }) => /** @type {any} */ (result).n);
  const recovered = delivered.filter(({ isRecovered }) => isRecovered).length;
  context.diagnostic(
    `${seconds.toFixed(0)} s: ${rows.size} rows stored by ${delivered.length} deliveries, ${recovered} of them recovered; ` +
      `${paid.length} executions; ${cloud.fired["response lost"]} responses lost; ` +
      `${cutOff.length} kills, which left ${cutOff.join(", ")} runs; ${cloud.log.length} requests`,
  );
  assert.deepEqual(failures, []);
  assert.deepEqual(wrong, []);
  assert.equal(rows.size, ROWS);
  assert.deepEqual([paid.length, new Set(paid).size], [ROWS, ROWS]);
  assert.deepEqual(await journal(), []);
  assert.ok(cloud.fired["response lost"]);
  assert.equal(workers.size, KILLS + 1);
  assert.ok(
    cutOff.some((runs) => runs > 0),
    "no kill left a run",
  );
});
