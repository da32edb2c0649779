// @ts-check
/** The pages of a list: loading the next page, and serialization of a page. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { QueryClient, replaceEqualDeep } from "@tanstack/query-core";
// @ts-expect-error: it has no types.
import { createFromNodeStream } from "react-server-dom-turbopack/client.node";
import { root } from "../../scripts/lib/run.mjs";
import { failure } from "../lib/failure.mjs";
import { importPackage } from "../lib/package.mjs";

const PARAMS = { pageSize: 4 };

describe("a page of a list", () => {
  /** @type {Awaited<ReturnType<typeof importPackage>>} */
  let installed;
  /** @type {import("browser-use-skills").BrowserUse} */
  let client;
  /** @type {Awaited<ReturnType<typeof firstPage>>} */
  let page;
  const firstPage = () => client.marketplace.list(PARAMS);

  before(async () => {
    installed = await importPackage();
    const { fetch } = installed.emulation.createEmulator();
    client = new installed.library.BrowserUse({ apiKey: "bu_1", fetch });
    page = await firstPage();
  });
  after(() => installed?.remove());

  /** Compares a copy with the page, and loads the next page from the copy. @param {any} copy */
  const assertSurvived = async (copy) => {
    assert.deepEqual(copy, page);
    assert.equal(copy.hasNextPage, true);
    const next = await client.marketplace.list({ ...PARAMS, pageNumber: copy.pageNumber + 1 });
    assert.deepEqual([next.pageNumber, next.items.length], [2, 4]);
  };

  test("is plain data and nothing else", async () => {
    for (const { data } of [{ data: page }, await firstPage().withResponse()]) {
      assert.deepEqual(Reflect.ownKeys(data), [
        "items",
        "totalItems",
        "pageNumber",
        "pageSize",
        "hasNextPage",
      ]);
      assert.equal(Object.getPrototypeOf(data), Object.prototype);
      assert.ok(Object.values(data).every((value) => typeof value !== "function"));
    }
  });

  test("survives JSON", () => assertSurvived(JSON.parse(JSON.stringify(page))));

  test("survives structuredClone", () => assertSurvived(structuredClone(page)));

  test("survives the structural sharing of TanStack Query", async () => {
    const older = { ...page, items: page.items.slice(1), hasNextPage: false };
    await assertSurvived(replaceEqualDeep(older, page));
    const cache = new QueryClient();
    const queryKey = ["marketplace"];
    cache.setQueryData(queryKey, older);
    await cache.fetchQuery({ queryKey, queryFn: firstPage });
    await assertSurvived(cache.getQueryData(queryKey));
    cache.clear();
  });

  test("survives the serialization from React server to client components", async () => {
    const entry = (/** @type {string} */ name) => pathToFileURL(join(installed.packageFolder, name)).href;
    const server = `
      import { renderToPipeableStream } from "react-server-dom-turbopack/server.node";
      const { BrowserUse } = await import("${entry("node.js")}");
      const { createEmulator } = await import("${entry("emulator.node.js")}");
      const client = new BrowserUse({ apiKey: "bu_1", fetch: createEmulator().fetch });
      const page = await client.marketplace.list(${JSON.stringify(PARAMS)});
      renderToPipeableStream({ page }, {}).pipe(process.stdout);`;
    const flags = ["--conditions", "react-server", "--input-type=module", "--eval", server];
    const child = spawn(process.execPath, flags, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    const props = await createFromNodeStream(child.stdout, { moduleMap: {}, serverModuleMap: {} });
    await assertSurvived(props.page);
  });

  test("loads the next page from the promise, up to the last one", async () => {
    const second = client.marketplace.list(PARAMS).nextPage();
    assert.equal((await second).pageNumber, 2);
    assert.equal((await second.nextPage()).pageNumber, 3);
    const { data, status } = await second.nextPage().withResponse();
    assert.deepEqual([data.pageNumber, status], [3, 200]);
    const last = client.marketplace.list({ pageSize: 100 });
    assert.equal((await last).hasNextPage, false);
    assert.ok((await failure(last.nextPage())) instanceof RangeError);
  });

  test("fails with the error of its request, for each caller", async () => {
    const refused = new installed.library.BrowserUse({
      apiKey: "bu_1",
      fetch: async () => new Response("{}", { status: 401 }),
    });
    // An unhandled rejection would fail the test.
    assert.equal((await failure(refused.skills.list().nextPage())).code, "authentication");
    assert.equal((await failure(refused.skills.list().withResponse())).code, "authentication");
    const iterator = refused.skills.list()[Symbol.asyncIterator]();
    assert.equal((await failure(iterator.next())).code, "authentication");
  });

  test("is followed by all others when the promise is iterated", async () => {
    const idsOf = async (/** @type {AsyncIterable<{ id: string }>} */ list) => {
      const ids = new Set();
      for await (const { id } of list) ids.add(id);
      return ids.size;
    };
    assert.equal(await idsOf(client.marketplace.list(PARAMS)), page.totalItems);
    assert.equal(await idsOf(client.marketplace.list(PARAMS).nextPage()), page.totalItems - 4);
  });
});
