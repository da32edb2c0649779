// @ts-check
/** GETs of a page to another origin: one preflight for each URL, and never an old response. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { root } from "../../scripts/lib/run.mjs";
import { serveFolder } from "../../scripts/serve.mjs";
import { launchBrowser } from "../lib/browser.mjs";
import { installPackage } from "../lib/package.mjs";

const ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a";

describe("GETs to another origin", () => {
  /** @type {Awaited<ReturnType<typeof installPackage>>} */
  let installed;
  /** @type {Awaited<ReturnType<typeof serveFolder>>} */
  let site;
  /** @type {import("playwright-core").Browser} */
  let browser;
  /** @type {import("node:http").Server} */
  let api;
  /** Requests by method. @type {Record<string, number>} */
  let requests;
  /** Headers of the next responses, and how many GETs get no response. */
  let world = { headers: /** @type {Record<string, string>} */ ({}), stalled: 0 };
  let baseUrl = "";

  before(async () => {
    [installed, browser] = await Promise.all([installPackage(), launchBrowser()]);
    site = await serveFolder({
      mounts: { "/": join(root, "tests/site"), "/package/": installed.packageFolder },
    });
    api = createServer((request, response) => {
      const { method = "" } = request;
      requests[method] = (requests[method] ?? 0) + 1;
      response.setHeader("Access-Control-Allow-Origin", "*");
      response.setHeader("Access-Control-Allow-Headers", "x-browser-use-api-key, content-type");
      response.setHeader("Access-Control-Max-Age", "600");
      if (method === "OPTIONS") return void response.writeHead(204).end();
      if (world.stalled > 0) {
        world.stalled -= 1;
        return;
      }
      for (const [name, value] of Object.entries(world.headers)) response.setHeader(name, value);
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify(skill(`version ${requests.GET}`)));
    });
    await new Promise((resolve) => api.listen(0, "127.0.0.1", () => resolve(undefined)));
    baseUrl = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (api.address()).port}/api/v2`;
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    api?.closeAllConnections();
    api?.close();
    await installed?.remove();
  });
  beforeEach(() => {
    requests = {};
    world = { headers: {}, stalled: 0 };
  });

  /** Gets the skill several times in a new page, and returns the titles. */
  const titles = async (/** @type {object} */ options = {}, count = 5) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${site.url}/index.html`);
    const get = () =>
      page.evaluate(
        async ({ baseUrl, id, count, options }) => {
          const { BrowserUse } = await import("browser-use-skills");
          const client = new BrowserUse({ apiKey: "bu_1", baseUrl, ...options });
          const found = [];
          for (let index = 0; index < count; index += 1) found.push((await client.skills.get(id)).title);
          return found;
        },
        { baseUrl, id: ID, count, options },
      );
    const first = await get();
    await page.reload();
    const second = await get();
    await context.close();
    return [...first, ...second];
  };

  test("need one preflight for each URL", async () => {
    assert.equal(new Set(await titles()).size, 10);
    assert.equal(requests.GET, 10);
    assert.ok((requests.OPTIONS ?? 0) <= 2, `${requests.OPTIONS} preflights`);
  });

  for (const [name, headers] of /** @type {const} */ ([
    ["Last-Modified", { "Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT" }],
    ["max-age", { "Cache-Control": "public, max-age=600" }],
    ["Expires", { Expires: "Fri, 01 Jan 2100 00:00:00 GMT" }],
  ])) {
    test(`never have an old response, although ${name} lets caches reuse it`, async () => {
      world.headers = headers;
      assert.equal(new Set(await titles()).size, 10);
      // Once for each page, a response that may be old is requested again.
      assert.ok((requests.GET ?? 0) <= 12, `${requests.GET} requests`);
    });
  }

  test("are repeated although the first one stalls", async () => {
    world.stalled = 1;
    const found = await titles({ timeout: 1_000, maxRetries: 1 }, 1);
    assert.equal(found.length, 2);
    assert.equal(requests.GET, 3);
  });
});

/** @param {string} title */
function skill(title) {
  const at = "2026-01-01T00:00:00Z";
  return {
    id: ID,
    title,
    description: "d",
    categories: [],
    domains: [],
    status: "finished",
    parameters: [],
    outputSchema: {},
    isEnabled: true,
    isPublic: false,
    currentVersion: 1,
    createdAt: at,
    updatedAt: at,
  };
}
