// @ts-check
/**
 * `npm run bench:batch-pages`: a batch of 1,000 rows in Chromium, without faults, and with lost responses, refusals, reloads and a
 * second page. Prints what was lost and paid twice, and the ratio of the durations.
 */
import { join } from "node:path";
import { isMain, root } from "../../scripts/lib/run.mjs";
import { serveFolder } from "../../scripts/serve.mjs";
import { runInPages } from "../../tests/lib/batch-proof.mjs";
import { launchBrowser } from "../../tests/lib/browser.mjs";
import { startLossyCloud } from "../../tests/lib/lossy-cloud.mjs";
import { installPackage } from "../../tests/lib/package.mjs";

const CALM = { lost: 0, refused: 0, reloads: 0, hasSecondPage: false };
const STORM = { lost: 0.3, refused: 0.03, reloads: 5, hasSecondPage: true };

/** @param {number} rows */
async function compare(rows) {
  const [installed, browser] = await Promise.all([installPackage(), launchBrowser()]);
  const site = await serveFolder({
    mounts: { "/": join(root, "tests/site"), "/package/": installed.packageFolder },
  });
  const durations = [];
  for (const faults of [CALM, STORM]) {
    const cloud = await startLossyCloud();
    const profile = await browser.newContext();
    const common = { rows, concurrency: 10, executionMs: 300 };
    const { states, executed, requests, seconds, fired } = await runInPages(profile, site.url, cloud, {
      ...common,
      ...faults,
    });
    durations.push(seconds);
    const [{ results } = { results: [] }] = states;
    const right = results.filter(({ n, status, result }) => status === "done" && result?.n === n).length;
    console.log({
      right,
      unknown: results.filter(({ status }) => status === "unknown").length,
      executions: executed.length,
      twice: executed.length - new Set(executed).size,
      requests,
      seconds: Math.round(seconds),
      fired,
    });
    await profile.close();
    await cloud.close();
  }
  const [calm = 1, storm = 0] = durations;
  console.log(`with faults: ${(storm / calm).toFixed(2)} times as long`);
  await browser.close();
  await site.close();
  await installed.remove();
}

if (isMain(import.meta.url)) await compare(Number(process.argv[2] ?? 1_000));
