// @ts-check
/**
 * The packed package in bundlers, frameworks and runtimes. Runs the quick consumers, or those of the variable CONSUMERS:
 * "all", or words of their names, separated by commas.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launchBrowser } from "../lib/browser.mjs";
import { lockedVersion } from "../lib/consumers/document.mjs";
import { installProject, removeCopies } from "../lib/consumers/project.mjs";
import { RESULT } from "../lib/consumers/run.mjs";
import { startConsumer } from "../lib/consumers/start.mjs";
import { consumers } from "../lib/consumers/table.mjs";
import { installPackage } from "../lib/package.mjs";

/** @typedef {import("../lib/consumers/table.mjs").Consumer} Consumer */

/** The requests of the scenario, by operation. */
const REQUESTS = { "marketplace.clone": 1, "marketplace.list": 1, "skills.execute": 1, "skills.get": 2 };

const wanted = process.env.CONSUMERS ?? "quick";
const chosen = consumers.filter(
  ({ name, quick }) =>
    (wanted === "quick" && quick) ||
    wanted === "all" ||
    wanted.split(",").some((word) => name.toLowerCase().includes(word.toLowerCase())),
);

/** @type {Awaited<ReturnType<typeof installPackage>>} */
let installed;
/** @type {import("playwright-core").Browser} */
let browser;

/**
 * @param {Consumer} consumer
 * @param {"development" | "production"} mode
 * @param {import("node:test").TestContext} context
 * @returns {Promise<string[]>} the places where the scenario failed
 */
async function run(consumer, mode, context) {
  const { running, emulator, wasm, close } = await startConsumer(consumer, mode, installed.packageFolder);
  context.after(close);
  const failed = new Set(Object.keys(consumer.places));
  for (const [place, read] of Object.entries(consumer.places)) {
    await context.test(place, async () => {
      await emulator.ask("POST", "/reset");
      assert.equal(await read(running, { browser, emulator: emulator.baseUrl, wasm }), RESULT);
      assert.deepEqual((await emulator.ask("GET", "/requests")).counts, REQUESTS);
      failed.delete(place);
    });
  }
  return [...failed];
}

describe("consumers", { concurrency: 2 }, () => {
  /** @type {Record<string, { version: string, development: string, production: string }>} */
  const table = {};
  for (const { name } of chosen) table[name] = { version: "", development: "–", production: "–" };

  before(async () => {
    [installed, browser] = await Promise.all([installPackage(), launchBrowser()]);
  });
  after(async () => {
    console.table(table);
    await Promise.all([browser?.close(), installed?.remove(), removeCopies()]);
  });

  for (const project of new Set(chosen.map(({ project }) => project))) {
    // One after the other: they share a folder.
    describe(project, { concurrency: 1 }, () => {
      before(() => installProject(project));
      for (const consumer of chosen.filter((consumer) => consumer.project === project)) {
        const row = table[consumer.name];
        for (const mode of /** @type {const} */ (["development", "production"])) {
          if (!row || !consumer[mode]) continue;
          test(`${consumer.name}, ${mode}`, async (context) => {
            row.version = await lockedVersion(consumer);
            row[mode] = "failed";
            const began = performance.now();
            const failed = await run(consumer, mode, context);
            const seconds = ((performance.now() - began) / 1000).toFixed(1);
            row[mode] = failed.length === 0 ? `${seconds} s` : `failed: ${failed.join(", ")}`;
          });
        }
      }
    });
  }
});
