// @ts-check
/** A batch in Chromium: two pages, reloads, lost responses and refusals. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root } from "../../scripts/lib/run.mjs";
import { serveFolder } from "../../scripts/serve.mjs";
import { runInPages } from "../lib/batch-proof.mjs";
import { launchBrowser } from "../lib/browser.mjs";
import { startLossyCloud } from "../lib/lossy-cloud.mjs";
import { installPackage } from "../lib/package.mjs";

const ROWS = 60;

describe("a batch in pages", () => {
  /** @type {Awaited<ReturnType<typeof startLossyCloud>>} */
  let cloud;
  /** @type {Awaited<ReturnType<typeof installPackage>>} */
  let installed;
  /** @type {Awaited<ReturnType<typeof serveFolder>>} */
  let site;
  /** @type {import("playwright-core").Browser} */
  let browser;
  before(async () => {
    [cloud, installed, browser] = await Promise.all([startLossyCloud(), installPackage(), launchBrowser()]);
    site = await serveFolder({
      mounts: { "/": join(root, "tests/site"), "/package/": installed.packageFolder },
    });
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    await cloud?.close();
    await installed?.remove();
  });

  test("pays for each row once across reloads, a second page, lost responses and 429s", async () => {
    const { states, executed, fired } = await runInPages(await browser.newContext(), site.url, cloud, {
      rows: ROWS,
      concurrency: 10,
      executionMs: 100,
      lost: 0.3,
      refused: 0.03,
      reloads: 3,
      hasSecondPage: true,
    });
    for (const { results, error } of states) {
      assert.equal(error, undefined);
      assert.deepEqual(
        results.map(({ n }) => n).sort((one, other) => one - other),
        Array.from({ length: ROWS }, (_, n) => n),
      );
      for (const { n, status, result, candidates } of results) {
        if (status === "unknown") assert.ok(candidates > 0);
        else assert.deepEqual([status, result], ["done", { n }]);
      }
    }
    const [first, second] = states.map(({ results }) => results.sort((one, other) => one.n - other.n));
    assert.deepEqual(first, second, "both pages return the same results");
    assert.deepEqual(
      executed.sort((one, other) => one - other),
      Array.from({ length: ROWS }, (_, n) => n),
      "each row is executed once",
    );
    assert.ok(states.some(({ isFollowing }) => isFollowing));
    assert.equal(fired.reload, 3);
    assert.ok((fired.lost ?? 0) > 5 && (fired["429"] ?? 0) > 0, JSON.stringify(fired));
  });
});
