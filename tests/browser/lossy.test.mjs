// @ts-check
/** In a browser, over a network that loses responses: every execution is recovered and none is paid for twice. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root } from "../../scripts/lib/run.mjs";
import { serveFolder } from "../../scripts/serve.mjs";
import { launchBrowser } from "../lib/browser.mjs";
import { startEmulator } from "../lib/emulator.mjs";
import { installPackage } from "../lib/package.mjs";

const SKILLS = 10;
const RUNS_OF_EACH = 100;
const LOSS = 0.3;

describe("over a network that loses responses", () => {
  /** @type {Awaited<ReturnType<typeof startEmulator>>} */
  let emulator;
  /** @type {Awaited<ReturnType<typeof installPackage>>} */
  let installed;
  /** @type {Awaited<ReturnType<typeof serveFolder>>} */
  let site;
  /** @type {import("playwright-core").Browser} */
  let browser;
  /** Pages of one profile: one IndexedDB, one set of locks. @type {import("playwright-core").BrowserContext} */
  let profile;
  before(async () => {
    [emulator, installed, browser] = await Promise.all([startEmulator(), installPackage(), launchBrowser()]);
    site = await serveFolder({
      mounts: { "/": join(root, "tests/site"), "/package/": installed.packageFolder },
    });
    profile = await browser.newContext();
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    await installed?.remove();
    emulator?.close();
  });

  const open = async () => {
    const page = await profile.newPage();
    await page.goto(site.url);
    return page;
  };
  const given = () => ({ baseUrl: emulator.baseUrl });

  test(`${SKILLS * RUNS_OF_EACH} calls have one execution and one result each`, async (context) => {
    await emulator.ask("POST", "/reset", { executionMs: 0, credits: 1_000_000, maxSessions: 1_000 });
    await emulator.ask("POST", "/faults", {
      kind: "drop",
      when: "after",
      operation: "skills.execute",
      chance: LOSS,
      count: 1_000_000,
    });
    const page = await open();
    const { results, listed } = await page.evaluate(
      async ({ baseUrl, skills, runs }) => {
        const { BrowserUse } = await import("browser-use-skills");
        const { indexedDbJournal } = await import("browser-use-skills/journal");
        const client = new BrowserUse({ apiKey: "bu_1", baseUrl, journal: indexedDbJournal() });
        const { id } = await client.marketplace.get("top-stories");
        const clones = await Promise.all(Array.from({ length: skills }, () => client.marketplace.clone(id)));
        const all = clones.flatMap((skill) =>
          Array.from({ length: runs }, async (_, n) => {
            const limit = 1 + (n % 20);
            const recover = { deliver: () => {} };
            const run = await client.skills.execute(skill.id, { parameters: { limit } }, { recover });
            const right = run.success && Array.isArray(run.result) && run.result.length === limit;
            return { right, id: run.executionId };
          }),
        );
        const results = await Promise.all(all);
        const listed = [];
        for (const { id } of clones) {
          for await (const execution of client.skills.executions(id, { pageSize: 100 }))
            listed.push(execution.id);
        }
        return { results, listed };
      },
      { ...given(), skills: SKILLS, runs: RUNS_OF_EACH },
    );
    const recovered = results.flatMap(({ id }) => id ?? []);
    const { counts } = await emulator.ask("GET", "/requests");
    context.diagnostic(
      `${results.length} results, ${recovered.length} recovered, ${listed.length} executions`,
    );
    assert.equal(results.filter(({ right }) => right).length, SKILLS * RUNS_OF_EACH);
    assert.equal(counts["skills.execute"], SKILLS * RUNS_OF_EACH);
    assert.equal(new Set(listed).size, SKILLS * RUNS_OF_EACH);
    assert.equal(new Set(recovered).size, recovered.length, "no execution is delivered twice");
    assert.ok(recovered.length > 0 && recovered.every((id) => listed.includes(id)));
    await page.close();
  });

  test("a page that ends during an execution leaves it to the next page", async () => {
    await emulator.ask("POST", "/reset", { executionMs: 3_600_000 });
    const first = await open();
    const skillId = await first.evaluate(async ({ baseUrl }) => {
      const { BrowserUse } = await import("browser-use-skills");
      const { indexedDbJournal } = await import("browser-use-skills/journal");
      const client = new BrowserUse({ apiKey: "bu_1", baseUrl, journal: indexedDbJournal() });
      const { id } = await client.marketplace.clone((await client.marketplace.get("top-stories")).id);
      await new Promise((resolve) => {
        const running = new BrowserUse({
          apiKey: "bu_1",
          baseUrl,
          journal: indexedDbJournal(),
          onEvent: ({ type, operation }) =>
            type === "requestSent" && operation === "skills.execute" && resolve(undefined),
        });
        running.skills.execute(id, {}, { recover: { tag: "the first page" } });
      });
      return id;
    }, given());
    while (!(await emulator.ask("GET", "/requests")).counts["skills.execute"]);
    const second = await open();
    const resume = async (/** @type {{ baseUrl: string }} */ { baseUrl }) => {
      const { BrowserUse } = await import("browser-use-skills");
      const { indexedDbJournal } = await import("browser-use-skills/journal");
      const client = new BrowserUse({ apiKey: "bu_1", baseUrl, journal: indexedDbJournal() });
      const resumed = await client.resume();
      return Promise.all(
        resumed.map(async ({ skillId, tag, result, acknowledge }) => {
          const execution = await result;
          await acknowledge();
          return { skillId, tag, execution };
        }),
      );
    };
    assert.deepEqual(await second.evaluate(resume, given()), [], "the first page still waits for it");
    await first.close();
    await emulator.ask("POST", "/advance", { ms: 3_600_000 });
    const [{ execution, ...which } = assert.fail("nothing resumed")] = await second.evaluate(resume, given());
    assert.deepEqual(which, { skillId, tag: "the first page" });
    assert.ok(execution.recovered && execution.success && Array.isArray(execution.result));
    assert.deepEqual(await second.evaluate(resume, given()), []);
    assert.equal((await emulator.ask("GET", "/requests")).counts["skills.execute"], 1);
  });
});
