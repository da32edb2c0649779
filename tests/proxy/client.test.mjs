// @ts-check
/** The client through the proxy, in Node and in a page. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { serveFolder } from "../../scripts/serve.mjs";
import { launchBrowser } from "../lib/browser.mjs";
import { startEmulator } from "../lib/emulator.mjs";
import { failure } from "../lib/failure.mjs";
import { importPackage } from "../lib/package.mjs";
import { listen } from "../lib/runtimes.mjs";

const KEY = "bu_canary_of_the_proxy";
const ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
const ORIGIN = "https://app.example.com";
const BASE = "/api/browser-use";

/** @type {Awaited<ReturnType<typeof importPackage>>} */
let installed;
before(async () => {
  installed = await importPackage();
});
after(() => installed?.remove());

test("the client works through the proxy without a key", async () => {
  const { createProxy } = await import(pathToFileURL(join(installed.packageFolder, "proxy.js")).href);
  const emulator = await startEmulator("--api-key", KEY);
  const proxy = createProxy({
    apiKey: async () => KEY,
    allow: { operations: ["marketplace.list", "marketplace.clone", "skills.get", "skills.execute"] },
    origins: [ORIGIN],
    authorize: () => true,
    baseUrl: emulator.baseUrl,
  });
  const server = await listen(installed.proxies.toNodeHandler(proxy));
  try {
    const client = new installed.library.BrowserUse({
      baseUrl: `http://127.0.0.1:${server.port}${BASE}`,
      headers: { Origin: ORIGIN },
    });
    const { items } = await client.marketplace.list({ query: "stories" });
    const { id } = await client.marketplace.clone(items[0]?.id ?? "");
    const stories = await client.skill(id).run({ limit: 2 });
    assert.equal(/** @type {unknown[]} */ (stories).length, 2);
    const { SkillNotFoundError, AuthenticationError } = installed.library;
    assert.ok((await failure(client.skills.execute(ID))) instanceof SkillNotFoundError);
    const forbidden = await failure(client.skills.update(id, { title: "mine" }));
    assert.ok(forbidden instanceof AuthenticationError);
    assert.match(forbidden.detail ?? "", /skills\.update/);
  } finally {
    await server.close();
    emulator.close();
  }
});

test("a page works through the proxy of its origin without a key", async () => {
  const { createProxy } = await import(pathToFileURL(join(installed.packageFolder, "proxy.js")).href);
  const [emulator, browser] = await Promise.all([startEmulator("--api-key", KEY), launchBrowser()]);
  const files = await serveFolder({ mounts: { "/": installed.packageFolder } });
  /** @type {(request: Request) => Promise<Response>} */
  let proxy;
  // The same origin for both.
  const handler = installed.proxies.toNodeHandler((request) => {
    const { pathname } = new URL(request.url);
    return pathname.startsWith(`${BASE}/`) ? proxy(request) : fetch(files.url + pathname.slice(1));
  });
  const server = await listen(handler);
  const origin = `http://127.0.0.1:${server.port}`;
  proxy = createProxy({
    apiKey: KEY,
    allow: { operations: ["marketplace.list", "marketplace.clone"] },
    origins: [origin],
    authorize: () => true,
    baseUrl: emulator.baseUrl,
  });
  try {
    const page = await browser.newPage();
    await page.goto(`${origin}/package.json`);
    const clone = await page.evaluate(async () => {
      const path = "/index.js";
      const { BrowserUse } = await import(path);
      const client = new BrowserUse({ baseUrl: "/api/browser-use" });
      const { items } = await client.marketplace.list();
      return client.marketplace.clone(items[0].id);
    });
    assert.equal(clone.status, "finished");
  } finally {
    await browser.close();
    await Promise.all([server.close(), files.close()]);
    emulator.close();
  }
});
