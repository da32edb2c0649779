// @ts-check
/**
 * A Manifest V3 extension whose service worker is killed while it runs a skill for each row of a table, with a cloud
 * that loses responses: every row is stored, and none is paid for twice. `ROWS=1000 KILLS=5` is the long run.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { root } from "../../scripts/lib/run.mjs";
import { loadInChromium } from "../lib/extension.chromium.mjs";
import { copyExtension } from "../lib/extension.mjs";
import { startLossyCloud } from "../lib/lossy-cloud.mjs";

const ROWS = Number(process.env.ROWS ?? 60);
const KILLS = Number(process.env.KILLS ?? 3);
const LOSS = 0.3;
/** Maximum duration of a run, in milliseconds; some end before they are listed. */
const RUN_MS = 2_000;
/** Delay until an execution is listed, and until a result is stored, in milliseconds. */
const LAG_MS = 100;
const STORING_MS = 300;
/** How long a lost request is searched for after a kill, in milliseconds. */
const GRACE_MS = 5_000;
/** Number of executions and list requests, fewer than all rows need: each kill happens before all rows have run. */
const REQUESTS_OF_A_ROW = 1.5;
/** After this many requests, a new worker has an open run or is still resuming earlier ones. */
const FEWEST_REQUESTS = 5;

/** @type {Awaited<ReturnType<typeof startLossyCloud>>} */
let cloud;
/** @type {Awaited<ReturnType<typeof copyExtension>>} */
let built;
/** @type {import("../lib/extension.mjs").LoadedExtension} */
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

/** Starts the worker and returns its id. */
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

/** Resolves to the failed rows when the worker has finished; to undefined if it was killed. @returns {Promise<unknown>} */
const ended = () => extension.evaluate(() => /** @type {any} */ (globalThis).ended);

/** Returns the runs in the journal. @returns {Promise<object[]>} */
const journal = () =>
  extension.evaluate(async () => {
    const { entries } = JSON.parse(String(Object.values(await chrome.storage.local.get())[0] ?? "{}"));
    // The journal also contains the record of the skill and, temporarily, runs that were delivered before being listed.
    return Object.values(entries ?? {}).filter(({ sentAt, past }) => sentAt && !past);
  });

test(`${ROWS} rows are executed and stored once, despite lost responses and kills`, async (context) => {
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
  /** Number of runs in the journal after each kill. @type {number[]} */
  const cutOff = [];
  const workers = new Set([await wake()]);
  const most = (ROWS * REQUESTS_OF_A_ROW) / KILLS - FEWEST_REQUESTS;
  while (cutOff.length < KILLS) {
    // The second kill happens while the runs of the first are being resumed.
    const more = cutOff.length === 1 ? 0 : Math.random() * most;
    const requests = cloud.log.length + FEWEST_REQUESTS + more;
    await cloud.when(() => cloud.log.length >= requests);
    await extension.killWorker();
    assert.equal(await ended(), undefined, "the worker finished before it was killed");
    cutOff.push((await journal()).length);
    workers.add(await wake());
  }
  const failures = await ended();
  const seconds = (performance.now() - began) / 1000;

  /** @type {import("../extension/results.js").Delivered[]} */
  const delivered = await extension.evaluate(async () => {
    // @ts-expect-error: a URL path of the extension.
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
