// @ts-check
/** How the WebAssembly gets into a page, and what is said when it does not. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { root } from "../scripts/lib/run.mjs";
import { serveFolder } from "../scripts/serve.mjs";
import { launchBrowser } from "./lib/browser.mjs";
import { installPackage } from "./lib/package.mjs";

const FILE = "**/browser_use_skills_bg.wasm";

describe("the WebAssembly in a page", () => {
  /** @type {Awaited<ReturnType<typeof installPackage>>} */
  let stranger;
  /** @type {Awaited<ReturnType<typeof serveFolder>>} */
  let site;
  /** @type {import("playwright-core").Browser} */
  let browser;
  /** @type {import("playwright-core").Page} */
  let page;
  /** @type {string[]} */
  let printed;

  before(async () => {
    [stranger, browser] = await Promise.all([installPackage(), launchBrowser()]);
    site = await serveFolder({
      mounts: { "/": join(root, "tests/site"), "/package/": stranger.installed },
    });
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    await stranger?.remove();
  });
  afterEach(() => page.close());

  const open = async () => {
    page = await browser.newPage();
    printed = [];
    page.on("console", (message) => printed.push(message.text()));
    await page.goto(site.url);
  };
  /** How a call that needs it ends; the call itself is refused without a request. */
  const call = () =>
    page.evaluate(async () => {
      const { BrowserUse } = await import("browser-use-skills");
      const error = await new BrowserUse({ apiKey: "bu_1" }).skills.get("").catch((refusal) => refusal);
      return { code: error.code, message: error.message };
    });

  test("works when the server gives it another type, with a warning", async () => {
    await open();
    await page.route(FILE, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), "content-type": "text/plain" } });
    });
    assert.equal((await call()).code, "invalid_request");
    assert.match(printed.join(), /does not serve Wasm with `application\/wasm` MIME type/);
  });

  for (const [what, status] of /** @type {const} */ ([
    ["the page of an application", 200],
    ["nothing", 404],
  ])) {
    test(`is a LoadError where ${what} is in its place, and the next call tries again`, async () => {
      await open();
      await page.route(FILE, (route) =>
        route.fulfill({ status, contentType: "text/html", body: "<!doctype html><title>App</title>" }),
      );
      const { code, message } = await call();
      assert.equal(code, "load");
      assert.match(message, /see that browser_use_skills_bg\.wasm is served beside the script/);
      await page.unroute(FILE);
      assert.equal((await call()).code, "invalid_request");
    });
  }

  for (const source of [
    "await fetch(file)",
    "fetch(file)",
    "file",
    "new URL(file, location.href)",
    "await (await fetch(file)).arrayBuffer()",
    "await WebAssembly.compileStreaming(fetch(file))",
  ]) {
    test(`comes from where it is said to be: ${source}`, async () => {
      await open();
      // Beside the script there is nothing: only what is handed over can be it.
      await page.route(FILE, (route) => route.abort());
      await page.route("**/elsewhere", async (route) =>
        route.fulfill({
          response: await route.fetch({ url: `${site.url}package/browser_use_skills_bg.wasm` }),
        }),
      );
      await page.evaluate(async (source) => {
        const { BrowserUse } = await import("browser-use-skills");
        const load = new Function(
          "BrowserUse",
          `return (async (file) => BrowserUse.load(${source}))("/elsewhere")`,
        );
        await load(BrowserUse);
      }, source);
      assert.equal((await call()).code, "invalid_request");
    });
  }

  test("is inside the script of ./inline", async () => {
    await open();
    await page.route(FILE, (route) => route.abort());
    const code = await page.evaluate(async () => {
      // @ts-expect-error a path of the test site
      const { BrowserUse } = await import("/package/inline.js");
      return new BrowserUse({ apiKey: "bu_1" }).skills
        .get("")
        .catch((/** @type {any} */ error) => error.code);
    });
    assert.equal(code, "invalid_request");
  });
});
