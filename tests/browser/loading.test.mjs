// @ts-check
/** How a page loads the WebAssembly, and the errors and warnings if it fails. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { root } from "../../scripts/lib/run.mjs";
import { serveFolder } from "../../scripts/serve.mjs";
import { launchBrowser } from "../lib/browser.mjs";
import { WRONG } from "../lib/loading.mjs";
import { installPackage } from "../lib/package.mjs";

const FILE = "**/browser_use_skills_bg.wasm";
const EMBEDDED = "**/embedded.js";

/** A promise and the function that resolves it. */
function gate() {
  let open = () => {};
  /** @type {Promise<void>} */
  const opened = new Promise((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe("the WebAssembly in a page", () => {
  /** @type {Awaited<ReturnType<typeof installPackage>>} */
  let installed;
  /** @type {Awaited<ReturnType<typeof serveFolder>>} */
  let site;
  /** @type {import("playwright-core").Browser} */
  let browser;
  /** @type {import("playwright-core").Page} */
  let page;
  /** @type {string[]} */
  let printed;
  /** @type {Record<"file" | "embedded", number>} */
  let requests;

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
    printed = [];
    requests = { file: 0, embedded: 0 };
    page.on("console", (message) => printed.push(message.text()));
    page.on("request", (request) => {
      if (request.url().endsWith("_bg.wasm")) requests.file += 1;
      if (request.url().endsWith("embedded.js")) requests.embedded += 1;
    });
    await page.goto(site.url);
  };
  /** Returns the outcome of a call that needs the WebAssembly. The call is rejected without a request. @param {object | null} [options] */
  const call = (options = {}) =>
    page.evaluate(async (options) => {
      const { BrowserUse } = await import("browser-use-skills");
      const client = new BrowserUse({ apiKey: "bu_1" });
      const { code, message, reason, retryable, limit, maybeExecuted } = await client.skills
        .get("", /** @type {any} */ (options))
        .catch((error) => error);
      return { code, message, reason, retryable, limit, maybeExecuted };
    }, options);

  test("is loaded once, from the file next to the script", async () => {
    await open();
    assert.equal((await call()).code, "invalid_request");
    assert.equal((await call()).code, "invalid_request");
    assert.deepEqual(requests, { file: 1, embedded: 0 });
  });

  test("is loaded for a call with invalid options, which rejects afterwards", async () => {
    await open();
    assert.equal((await call({ signal: 5, timeout: "soon", maxRetries: -1 })).code, "invalid_request");
  });

  test("is loaded for a call whose options are null", async () => {
    await open();
    assert.equal((await call(null)).code, "invalid_request");
  });

  test("works with another content type, with a warning", async () => {
    await open();
    await page.route(FILE, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), "content-type": "text/plain" } });
    });
    assert.equal((await call()).code, "invalid_request");
    assert.match(printed.join(), /Serve it as application\/wasm/);
    assert.equal(requests.embedded, 0);
  });

  for (const [what, response] of Object.entries(WRONG)) {
    test(`is loaded as a script if the server sends ${what}, with one warning`, async () => {
      await open();
      await page.route(FILE, (route) => route.fulfill(response));
      assert.equal((await call()).code, "invalid_request");
      assert.equal((await call()).code, "invalid_request");
      assert.deepEqual(requests, { file: 1, embedded: 1 });
      const warnings = printed.filter((line) => line.includes("copy inside the JavaScript is used"));
      assert.equal(warnings.length, 1);
    });

    test(`rejects with a LoadError if the server sends ${what} and has no script; the next call retries`, async () => {
      await open();
      await page.route(FILE, (route) => route.fulfill(response));
      await page.route(EMBEDDED, (route) => route.fulfill(WRONG.nothing));
      const { code, message, reason, retryable } = await call();
      assert.deepEqual([code, retryable], ["load", false]);
      assert.equal(reason, what.startsWith("something") ? "invalid" : "not_served");
      if (reason === "not_served")
        assert.match(message, /Serve the package's \.wasm files beside the script/);
      await page.unroute(FILE);
      assert.equal((await call()).code, "invalid_request");
    });
  }

  test("is requested again after a broken connection and a 503", async () => {
    await open();
    let failures = 0;
    await page.route(FILE, async (route) => {
      failures += 1;
      if (failures === 1) await route.abort("connectionreset");
      else if (failures === 2) await route.fulfill({ status: 503 });
      else await route.continue();
    });
    assert.equal((await call()).code, "invalid_request");
    assert.deepEqual(requests, { file: 3, embedded: 0 });
  });

  test("is loaded as a script, without a retry, if the call allows no retries", async () => {
    await open();
    await page.route(FILE, (route) => route.abort("connectionreset"));
    assert.equal((await call({ maxRetries: 0 })).code, "invalid_request");
    assert.deepEqual(requests, { file: 1, embedded: 1 });
  });

  test("rejects with a LoadError while the device is offline, and loads once it is online", async () => {
    await open();
    await page.evaluate(async () => void (await import("browser-use-skills")));
    await page.context().setOffline(true);
    const { code, reason, retryable, message, maybeExecuted } = await call({ maxRetries: 1 });
    assert.deepEqual([code, reason, retryable, maybeExecuted], ["load", "offline", true, false]);
    assert.match(message, /The device is offline/);
    assert.equal(requests.file, 2);
    await page.context().setOffline(false);
    assert.equal((await call()).code, "invalid_request");
  });

  for (const [limit, options, sent] of /** @type {const} */ ([
    ["timeout", { timeout: 50, maxRetries: 1 }, 2],
    ["totalTimeout", { totalTimeout: 50 }, 1],
  ])) {
    test(`rejects with a LoadError if the request stalls for longer than ${limit}; the next call retries`, async () => {
      await open();
      // Never fulfilled.
      await page.route(FILE, () => {});
      await page.route(EMBEDDED, () => {});
      const error = await call(options);
      assert.deepEqual(
        [error.code, error.reason, error.limit, error.retryable, error.maybeExecuted],
        ["load", "timeout", limit, true, false],
      );
      assert.equal(requests.file, sent);
      await page.unroute(FILE);
      assert.equal((await call()).code, "invalid_request");
    });
  }

  test("is loaded as a script, which is requested again after a 503", async () => {
    await open();
    await page.route(FILE, (route) => route.fulfill(WRONG.nothing));
    await page.route(EMBEDDED, (route) => route.fulfill({ status: 503 }), { times: 1 });
    assert.equal((await call()).code, "invalid_request");
    assert.equal(requests.embedded, 2);
  });

  test("is loaded once the page is idle after a client was constructed, and only once", async () => {
    await open();
    const requested = page.waitForResponse(FILE);
    await page.evaluate(async () => {
      const { BrowserUse } = await import("browser-use-skills");
      const clients = [new BrowserUse({ apiKey: "bu_1" }), new BrowserUse({ apiKey: "bu_1" })];
      Object.assign(globalThis, { call: () => clients[1]?.skills.get("").catch((error) => error.code) });
    });
    await (await requested).finished();
    assert.equal(await page.evaluate(() => Reflect.get(globalThis, "call")()), "invalid_request");
    assert.deepEqual(requests, { file: 1, embedded: 0 });
  });

  test("is compiled before the first call, by a call that sends nothing", async () => {
    await open();
    const sent = /** @type {string[]} */ ([]);
    page.on("request", (request) => sent.push(request.url()));
    const began = await page.evaluate(async () => {
      const { BrowserUse } = await import("browser-use-skills");
      const Original = AbortController;
      let began = 0;
      // One for the file's request, and one for the call.
      await new Promise((resolve) => {
        globalThis.AbortController = class extends Original {
          constructor() {
            super();
            began += 1;
            if (began === 2) resolve(undefined);
          }
        };
        const events = /** @type {string[]} */ ([]);
        Object.assign(globalThis, { events });
        new BrowserUse({ apiKey: "bu_1", onEvent: ({ type }) => events.push(type) });
      });
      return began;
    });
    assert.equal(began, 2);
    assert.deepEqual(await page.evaluate("events"), []);
    assert.deepEqual(
      sent.filter((url) => !url.startsWith(new URL(page.url()).origin)),
      [],
    );
  });

  test("is loaded by the first call only, if the client says so", async () => {
    await open();
    await page.evaluate(async () => {
      const { BrowserUse } = await import("browser-use-skills");
      const client = new BrowserUse({ apiKey: "bu_1", preload: false });
      Object.assign(globalThis, { call: () => client.skills.get("").catch((error) => error.code) });
      // Callbacks run in order: what the constructor could have scheduled has started.
      await new Promise((idle) => requestIdleCallback(idle));
    });
    assert.equal(requests.file, 0);
    assert.equal(await page.evaluate(() => Reflect.get(globalThis, "call")()), "invalid_request");
    assert.equal(requests.file, 1);
  });

  test("is requested again after a stalled request, while another call still waits for it", async () => {
    await open();
    await page.route(FILE, () => {}, { times: 1 });
    const codes = await page.evaluate(async () => {
      const { BrowserUse } = await import("browser-use-skills");
      const client = new BrowserUse({ apiKey: "bu_1" });
      const patience = new AbortController();
      const patient = client.skills.get("", { signal: patience.signal }).catch((error) => error.name);
      const impatient = await client.skills.get("", { timeout: 1000 }).catch((error) => error.code);
      patience.abort();
      return [impatient, await patient];
    });
    assert.deepEqual(codes, ["invalid_request", "AbortError"]);
    assert.deepEqual(requests, { file: 2, embedded: 0 });
  });

  test("is loaded as a script if the request for the file stalls", async () => {
    await open();
    await page.route(FILE, () => {});
    assert.equal((await call({ timeout: 200, maxRetries: 0 })).code, "invalid_request");
    assert.deepEqual(requests, { file: 1, embedded: 1 });
  });

  test("is requested once for concurrent calls, which end one by one", async () => {
    await open();
    const held = gate();
    await page.route(FILE, async (route) => {
      await held.opened;
      await route.continue();
    });
    const ended = page.evaluate(async () => {
      const { BrowserUse } = await import("browser-use-skills");
      const client = new BrowserUse({ apiKey: "bu_1" });
      const impatient = new AbortController();
      const calls = [
        client.skills.get("", { signal: impatient.signal }).catch((error) => error.name),
        client.skills.get("").catch((error) => error.code),
      ];
      impatient.abort();
      Object.assign(globalThis, { patient: calls[1] });
      return calls[0];
    });
    assert.equal(await ended, "AbortError");
    held.open();
    assert.equal(await page.evaluate(() => Reflect.get(globalThis, "patient")), "invalid_request");
    assert.equal(requests.file, 1);
  });

  test("is no longer requested once every waiting call was aborted", async () => {
    await open();
    const failed = page.waitForEvent("requestfailed", (request) => request.url().endsWith("_bg.wasm"));
    await page.route(FILE, () => {});
    const names = await page.evaluate(async () => {
      const { BrowserUse } = await import("browser-use-skills");
      const client = new BrowserUse({ apiKey: "bu_1" });
      const controller = new AbortController();
      const { signal } = controller;
      const calls = [1, 2].map(() => client.skills.get("", { signal }).catch((error) => error.name));
      controller.abort();
      return Promise.all(calls);
    });
    assert.deepEqual(names, ["AbortError", "AbortError"]);
    assert.equal((await failed).failure()?.errorText, "net::ERR_ABORTED");
  });

  test("counts towards totalTimeout, after which no request is sent", async () => {
    await open();
    const requested = gate();
    const held = gate();
    await page.route(FILE, async (route) => {
      requested.open();
      await held.opened;
      await route.continue();
    });
    const ended = page.evaluate(async () => {
      const { BrowserUse } = await import("browser-use-skills");
      let sent = 0;
      const send = async () => {
        sent += 1;
        return new Response("{}");
      };
      const client = new BrowserUse({ apiKey: "bu_1", fetch: send });
      const id = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
      const error = await client.skills.execute(id, {}, { totalTimeout: 60_000 }).catch((error) => error);
      return [error.code, error.limit, error.maybeExecuted, sent];
    });
    await requested.opened;
    // Advances the clock by two minutes, as if timers were throttled.
    await page.evaluate(() => {
      const now = performance.now.bind(performance);
      performance.now = () => now() + 120_000;
    });
    held.open();
    assert.deepEqual(await ended, ["timeout", "totalTimeout", false, 0]);
  });

  for (const source of [
    "await fetch(file)",
    "fetch(file)",
    "file",
    "new URL(file, location.href)",
    "await (await fetch(file)).arrayBuffer()",
    "await WebAssembly.compileStreaming(fetch(file))",
  ]) {
    test(`is loaded from the given source: ${source}`, async () => {
      await open();
      // The file next to the script is missing, so only the given source can work.
      await page.route(FILE, (route) => route.abort());
      await page.route(EMBEDDED, (route) => route.abort());
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

  test("is part of the script of ./inline", async () => {
    await open();
    await page.route(FILE, (route) => route.abort());
    const code = await page.evaluate(async () => {
      // @ts-expect-error: a URL path of the test site.
      const { BrowserUse } = await import("/package/inline.js");
      return new BrowserUse({ apiKey: "bu_1" }).skills
        .get("")
        .catch((/** @type {any} */ error) => error.code);
    });
    assert.equal(code, "invalid_request");
  });
});
