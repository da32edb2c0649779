// @ts-check
/** How a page loads the later parts of the WebAssembly: recovery and waiting, and batches. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { root } from "../../scripts/lib/run.mjs";
import { serveFolder } from "../../scripts/serve.mjs";
import { launchBrowser } from "../lib/browser.mjs";
import { WRONG } from "../lib/loading.mjs";
import { installPackage } from "../lib/package.mjs";

describe("the later parts of the WebAssembly", () => {
  /** @type {Awaited<ReturnType<typeof installPackage>>} */
  let installed;
  /** @type {Awaited<ReturnType<typeof serveFolder>>} */
  let site;
  /** @type {import("playwright-core").Browser} */
  let browser;
  /** @type {import("playwright-core").Page} */
  let page;
  /** @type {string[]} */
  let requested;

  before(async () => {
    [installed, browser] = await Promise.all([installPackage(), launchBrowser()]);
    site = await serveFolder({
      mounts: { "/": join(root, "tests/site"), "/package/": installed.packageFolder },
    });
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    await installed?.remove();
  });
  afterEach(() => page.close());

  const open = async () => {
    page = await browser.newPage();
    requested = [];
    page.on("request", (request) => {
      const name = new URL(request.url()).pathname.replace("/package/", "");
      if (/_bg\.wasm$|embedded\.js$/.test(name)) requested.push(name);
    });
    await page.goto(site.url);
  };
  /**
   * Makes calls one after the other, and returns the outcome and the requests of each.
   *
   * @param {("plain" | "recover" | "wait" | "result" | "fickle" | "load" | "batch" | "loadBatch")[]} calls
   * @param {boolean} [journal]
   */
  const run = (calls, journal = false) =>
    page.evaluate(
      async ({ calls, journal }) => {
        const { BrowserUse } = await import("browser-use-skills");
        const { batch } = await import("browser-use-skills/batch");
        const id = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
        let sent = 0;
        const list = { items: [], totalItems: 0, pageNumber: 1, pageSize: 100 };
        /** @type {Map<string, string>} */
        const kept = new Map();
        const client = new BrowserUse({
          apiKey: "bu_1",
          fetch: async (url, { method }) => {
            if (method === "POST") sent += 1;
            if (String(url).includes("/executions")) return new Response(JSON.stringify(list));
            return new Response(JSON.stringify({ id, success: true, status: "finished", currentVersion: 1 }));
          },
          ...(journal && {
            journal: {
              get: (key) => kept.get(key),
              set: (key, value) => kept.set(key, value),
              delete: (key) => kept.delete(key),
            },
          }),
        });
        let reads = 0;
        const fickle = {
          get recover() {
            reads += 1;
            return reads > 1;
          },
        };
        const ways = {
          plain: () => client.skills.execute(id),
          recover: () => client.skills.execute(id, {}, { recover: true }),
          wait: () => client.skills.waitUntilFinished(id),
          result: () => client.skills.executionResult(id, "not an id"),
          fickle: () => client.skills.execute(id, {}, fickle),
          load: () => BrowserUse.loadExtra(),
          batch: () => batch(client.skill(id), [{}]).toNdjson(),
          loadBatch: () => BrowserUse.loadBatch(),
        };
        const ends = [];
        for (const call of calls) {
          const ended = await ways[call]().then(
            () => "ok",
            (error) => [error.code, error.reason, error.maybeExecuted].join(),
          );
          ends.push([ended, sent]);
        }
        return ends;
      },
      { calls, journal },
    );
  const [first, extra, batch] = ["", "_extra", "_batch"].map((part) => `browser_use_skills${part}_bg.wasm`);

  test("are not requested by calls that do not need it", async () => {
    await open();
    assert.deepEqual(await run(["plain", "plain"]), [
      ["ok", 1],
      ["ok", 2],
    ]);
    assert.deepEqual(requested, [first]);
  });

  for (const way of /** @type {const} */ (["recover", "wait", "load"])) {
    test(`the second is requested once, on first use: ${way}`, async () => {
      await open();
      await run(["plain"]);
      assert.deepEqual(requested, [first]);
      assert.deepEqual(
        (await run([way, way, "plain"])).map(([ended]) => ended),
        ["ok", "ok", "ok"],
      );
      assert.deepEqual(requested, [first, extra]);
    });
  }

  test("the second is requested for the result of a past execution, and then validates its ids", async () => {
    await open();
    assert.deepEqual(await run(["result"]), [["invalid_request,,false", 0]]);
    assert.deepEqual(requested.sort(), [first, extra].sort());
  });

  test("the second is requested by the first call of a client with a journal", async () => {
    await open();
    assert.deepEqual(await run(["plain"], true), [["ok", 1]]);
    assert.deepEqual(requested.sort(), [first, extra].sort());
  });

  for (const way of /** @type {const} */ (["batch", "loadBatch"])) {
    test(`the third is requested once, on first use: ${way}`, async () => {
      await open();
      await run(["recover"]);
      assert.deepEqual(requested, [first, extra]);
      assert.deepEqual(
        (await run([way, "batch", "recover"])).map(([ended]) => ended),
        ["ok", "ok", "ok"],
      );
      assert.deepEqual(requested, [first, extra, batch]);
    });
  }

  for (const [way, part] of /** @type {const} */ ([
    ["recover", "extra"],
    ["batch", "batch"],
  ])) {
    const file = `browser_use_skills_${part}_bg.wasm`;
    const embedded = `${part}.embedded.js`;

    test(`${file} is loaded as a script if it is missing`, async () => {
      await open();
      await page.route(`**/${file}`, (route) => route.fulfill(WRONG.nothing));
      assert.deepEqual(await run([way]), [["ok", 1]]);
      assert.deepEqual(requested.sort(), [...new Set([first, extra, file, embedded])].sort());
    });

    for (const [what, response] of Object.entries(WRONG)) {
      test(`if the server sends ${what} as ${file}, sends nothing, does not affect other calls, and the next call retries`, async () => {
        await open();
        await page.route(`**/${file}`, (route) => route.fulfill(response));
        await page.route(`**/${embedded}`, (route) => route.fulfill(WRONG.nothing));
        const reason = what.startsWith("something") ? "invalid" : "not_served";
        assert.deepEqual(await run([way, "plain"]), [
          [`load,${reason},false`, 0],
          ["ok", 1],
        ]);
        await page.unroute(`**/${file}`);
        assert.deepEqual(await run([way]), [["ok", 1]]);
      });
    }
  }

  test("rejects a call whose option recover changes while it is read; nothing is sent", async () => {
    await open();
    assert.deepEqual(await run(["fickle", "plain"]), [
      ["internal,,false", 0],
      ["ok", 1],
    ]);
  });
});
