// @ts-check
/** The package in the oldest Chromium that the README names. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root } from "../../scripts/lib/run.mjs";
import { serveFolder } from "../../scripts/serve.mjs";
import { startEmulator } from "../lib/emulator.mjs";
import { launchOldestChromium, OLDEST_SKIPPED } from "../lib/oldest-chromium.mjs";
import { installPackage } from "../lib/package.mjs";

describe("the package in the oldest supported Chromium", { skip: OLDEST_SKIPPED }, () => {
  /** @type {Awaited<ReturnType<typeof startEmulator>>} */
  let emulator;
  /** @type {Awaited<ReturnType<typeof installPackage>>} */
  let installed;
  /** @type {Awaited<ReturnType<typeof serveFolder>>} */
  let site;
  /** @type {import("playwright-core").Browser} */
  let browser;
  before(async () => {
    [emulator, installed, browser] = await Promise.all([
      startEmulator(),
      installPackage(),
      launchOldestChromium(),
    ]);
    site = await serveFolder({
      mounts: { "/": join(root, "tests/site"), "/package/": installed.packageFolder },
    });
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    await installed?.remove();
    emulator?.close();
  });

  test("is the one in the README", async () => {
    const [major] = browser.version().split(".");
    assert.match(await readFile(join(root, "README.md"), "utf8"), new RegExp(`Chromium ${major} `));
  });

  test("creates, executes, recovers a lost response, lists and clones", async () => {
    await emulator.ask("POST", "/reset", { generationMs: 100, executionMs: 10 });
    const page = await browser.newPage();
    await page.goto(site.url);
    const found = await page.evaluate(async (baseUrl) => {
      const { BrowserUse } = await import("browser-use-skills");
      const client = new BrowserUse({ apiKey: "bu_1", baseUrl });
      const { status } = await client.skills.createAndWait({
        goal: "titles",
        agentPrompt: "read the titles",
      });
      const { id } = await client.marketplace.clone((await client.marketplace.get("top-stories")).id);
      await fetch(new URL("/__emulator/faults", baseUrl), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ kind: "drop", when: "after", operation: "skills.execute", count: 1 }),
      });
      const recovered = await client.skills.execute(id, { parameters: { limit: 3 } }, { recover: true });
      const run = await client.skills.execute(id, { parameters: { limit: 3 } });
      const ids = [];
      for await (const execution of client.skills.executions(id)) ids.push(execution.id);
      return [status, run.success, recovered.success, ids.length];
    }, emulator.baseUrl);
    assert.deepEqual(found, ["finished", true, true, 2]);
  });
});
