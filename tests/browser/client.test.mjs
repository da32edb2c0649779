// @ts-check
/** The packed package in a page, with the emulator on another origin. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root } from "../../scripts/lib/run.mjs";
import { serveFolder } from "../../scripts/serve.mjs";
import { launchBrowser } from "../lib/browser.mjs";
import { declaredRefusals, operationNames } from "../lib/contract.mjs";
import { startEmulator } from "../lib/emulator.mjs";
import { installPackage } from "../lib/package.mjs";

const CANARY = "bu_canary_4711";

describe("in a page on another origin", () => {
  /** @type {Awaited<ReturnType<typeof startEmulator>>} */
  let emulator;
  /** @type {Awaited<ReturnType<typeof installPackage>>} */
  let installed;
  /** @type {Awaited<ReturnType<typeof serveFolder>>} */
  let site;
  /** @type {import("playwright-core").Browser} */
  let browser;
  /** @type {import("playwright-core").Page} */
  let page;

  before(async () => {
    [emulator, installed, browser] = await Promise.all([startEmulator(), installPackage(), launchBrowser()]);
    site = await serveFolder({
      mounts: { "/": join(root, "tests/site"), "/package/": installed.packageFolder },
      extra: { "/proxy/skills": () => ({ items: [], totalItems: 0, pageNumber: 1, pageSize: 7 }) },
    });
    page = await browser.newPage();
    await page.goto(site.url);
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    await installed?.remove();
    emulator?.close();
  });

  test("all operations work", async () => {
    await emulator.ask("POST", "/reset");
    const done = await page.evaluate(
      async ({ baseUrl, apiKey, admin }) => {
        const { BrowserUse } = await import("browser-use-skills");
        // @ts-expect-error: a URL path of the test site.
        const { callEveryOperation } = await import("/operations.js");
        const advance = (/** @type {number} */ ms) =>
          fetch(`${admin}/advance`, { method: "POST", body: JSON.stringify({ ms }) });
        return callEveryOperation(new BrowserUse({ baseUrl, apiKey }), advance);
      },
      { baseUrl: emulator.baseUrl, apiKey: CANARY, admin: adminOf(emulator.baseUrl) },
    );
    assert.deepEqual([...done].sort(), [...(await operationNames()).values()].sort());
  });

  test("every declared error has its own class", async (context) => {
    for (const { operation, status, error } of await declaredRefusals()) {
      await context.test(`${operation} ${status}`, async () => {
        await emulator.ask("POST", "/reset");
        const found = await page.evaluate(
          async ({ scenario, baseUrl, apiKey, admin }) => {
            const library = await import("browser-use-skills");
            // @ts-expect-error: a URL path of the test site.
            const { refusals } = await import("/refusals.js");
            const ask = async (
              /** @type {string} */ method,
              /** @type {string} */ path,
              /** @type {unknown} */ body,
            ) => {
              const response = await fetch(admin + path, { method, body: JSON.stringify(body) });
              if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
            };
            const error = await refusals[scenario](new library.BrowserUse({ baseUrl, apiKey }), ask).then(
              (/** @type {unknown} */ result) =>
                new Error(`expected an error, got ${JSON.stringify(result)}`),
              (/** @type {unknown} */ refusal) => refusal,
            );
            const classOf = Object.entries(library).find(
              ([, value]) => typeof value === "function" && error.constructor === value,
            );
            const isOurs =
              error instanceof library.BrowserUseError && library.isBrowserUseError(error, error.code);
            return {
              exported: classOf?.[0],
              name: error.name,
              message: error.message,
              operation: error.operation,
              status: error.status,
              isOurs,
              hasDetail: Boolean(error.detail ?? error.issues?.length),
              everything: [
                String(error),
                error.stack,
                JSON.stringify(error),
                JSON.stringify(error.body),
              ].join(),
            };
          },
          {
            scenario: `${operation} ${status}`,
            baseUrl: emulator.baseUrl,
            apiKey: CANARY,
            admin: adminOf(emulator.baseUrl),
          },
        );
        assert.equal(found.exported, error, found.message);
        assert.equal(found.name, error);
        assert.equal(found.status, status);
        assert.equal(found.operation, operation);
        assert.ok(found.isOurs && found.hasDetail);
        assert.ok(!found.everything.includes(CANARY));
      });
    }
  });

  test("reading the marketplace needs no preflight", async () => {
    const seen = await recordRequests(async (url) => {
      await page.evaluate(async (baseUrl) => {
        const { BrowserUse } = await import("browser-use-skills");
        const client = new BrowserUse({ baseUrl });
        await client.marketplace.list({ pageSize: 1 }, { maxRetries: 0 });
        await client.skills.list({}, { maxRetries: 0 }).catch(() => {});
        await new BrowserUse({ baseUrl, apiKey: "bu_1" }).skills.list({}, { maxRetries: 0 }).catch(() => {});
      }, url);
    });
    const requests = seen.map(({ method, url }) => `${method} ${url}`);
    assert.deepEqual(requests, [
      "GET /prefix/marketplace/skills?pageSize=1",
      "GET /prefix/skills",
      // With a key, the browser sends a preflight request, which this server rejects.
      "OPTIONS /prefix/skills",
    ]);
    assert.equal(seen[2]?.headers["access-control-request-headers"], "x-browser-use-api-key");
    for (const { headers } of seen) assert.ok(!JSON.stringify(headers).includes("bu_1"));
  });

  test("baseUrl may be relative to the page, for a proxy that holds the key", async () => {
    const size = await page.evaluate(async () => {
      const { BrowserUse } = await import("browser-use-skills");
      return (await new BrowserUse({ baseUrl: "/proxy/" }).skills.list()).pageSize;
    });
    assert.equal(size, 7);
  });

  test("the key is not sent over http, also with a relative baseUrl", async () => {
    const profile = await browser.newContext();
    const other = await profile.newPage();
    // A remote host, over http.
    await profile.route("http://app.example.com/**", async (route) => {
      const { pathname } = new URL(route.request().url());
      const response = await route.fetch({ url: new URL(pathname, site.url).href });
      await route.fulfill({ response });
    });
    await other.goto("http://app.example.com/index.html");
    const found = await other.evaluate(async () => {
      const { BrowserUse } = await import("browser-use-skills");
      let sent = 0;
      const onEvent = (/** @type {import("browser-use-skills").CallEvent} */ { type }) => {
        if (type === "requestSent") sent += 1;
      };
      const outcomes = [];
      for (const apiKey of ["bu_1", () => "bu_1", undefined]) {
        const client = new BrowserUse({ apiKey, baseUrl: "/proxy", onEvent });
        outcomes.push(
          await client.skills.list().then(
            ({ pageSize }) => pageSize,
            (/** @type {any} */ { code, message }) => `${code}: ${message}`,
          ),
        );
      }
      return { outcomes, sent };
    });
    await profile.close();
    assert.equal(found.sent, 1, "only the request without a key");
    assert.equal(found.outcomes[2], 7);
    for (const outcome of found.outcomes.slice(0, 2)) assert.match(String(outcome), /baseUrl.*https/);
  });

  test("a call continues when its client is freed, and others run concurrently", async () => {
    await emulator.ask("POST", "/reset");
    const titles = await page.evaluate(
      async ({ baseUrl, apiKey }) => {
        const { BrowserUse } = await import("browser-use-skills");
        const client = new BrowserUse({ baseUrl, apiKey });
        const calls = Array.from({ length: 20 }, () => client.marketplace.list({ pageSize: 1 }));
        const first = await Promise.race(calls);
        client.free();
        const all = await Promise.all([...calls, client.skills.list()]);
        return all.length + first.items.length;
      },
      { baseUrl: emulator.baseUrl, apiKey: CANARY },
    );
    assert.equal(titles, 22);
  });

  test("a lost connection, a stalled body and an invalid response have the right error codes", async () => {
    const faults = [
      ["drop", "network"],
      ["dropBody", "network"],
      ["stallHeaders", "timeout"],
      ["stallBody", "timeout"],
      ["truncate", "response"],
      ["notJson", "response"],
      ["empty", "response"],
      ["wrongType", "response"],
      ["redirect", "network"],
    ];
    for (const [kind, code] of faults) {
      await emulator.ask("POST", "/reset");
      await emulator.ask("POST", "/faults", {
        kind,
        operation: "marketplace.execute",
        location: "http://127.0.0.1:1/",
      });
      const found = await page.evaluate(
        async ({ baseUrl, apiKey }) => {
          const { BrowserUse } = await import("browser-use-skills");
          const client = new BrowserUse({ baseUrl, apiKey });
          const { items } = await client.marketplace.list();
          return client.marketplace.execute(items[0]?.id ?? "", {}, { timeout: 1500 }).then(
            () => "a response",
            (error) => error.code,
          );
        },
        { baseUrl: emulator.baseUrl, apiKey: CANARY },
      );
      assert.equal(found, code, kind);
      const { counts } = await emulator.ask("GET", "/requests");
      assert.equal(counts["marketplace.execute"], 1, `${kind}: a paid request is sent once`);
    }
  });

  test("the emulator runs in the page too", async () => {
    const done = await page.evaluate(async () => {
      const { BrowserUse } = await import("browser-use-skills");
      const { createEmulator } = await import("browser-use-skills/emulator");
      // @ts-expect-error: a URL path of the test site.
      const { callEveryOperation } = await import("/operations.js");
      const emulator = createEmulator();
      return callEveryOperation(
        new BrowserUse({ apiKey: "bu_page", fetch: emulator.fetch }),
        emulator.advance,
      );
    });
    assert.equal(done.length, 22);
  });
});

/** @param {string} baseUrl */
function adminOf(baseUrl) {
  return `${new URL(baseUrl).origin}/__emulator`;
}

/**
 * Records the requests to a server that allows pages to read its responses, but allows no custom headers.
 *
 * @param {(url: string) => Promise<unknown>} act
 */
async function recordRequests(act) {
  /** @type {Array<{ method: string | undefined, url: string | undefined, headers: import("node:http").IncomingHttpHeaders }>} */
  const seen = [];
  const server = createServer(({ method, url, headers }, response) => {
    seen.push({ method, url, headers });
    response.writeHead(200, { "access-control-allow-origin": "*", "content-type": "application/json" });
    response.end(JSON.stringify({ items: [], totalItems: 0, pageNumber: 1, pageSize: 1 }));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  await act(`http://127.0.0.1:${port}/prefix/`);
  server.closeAllConnections();
  server.close();
  return seen;
}
