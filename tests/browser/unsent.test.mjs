// @ts-check
/** Requests that never left the machine. Only then, an error reports that nothing was executed. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root } from "../../scripts/lib/run.mjs";
import { serveFolder } from "../../scripts/serve.mjs";
import { launchProfile } from "../lib/browser.mjs";
import { failure } from "../lib/failure.mjs";
import { importPackage } from "../lib/package.mjs";

const ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
const HOST = "app.example.com";
const SKILL = {
  id: ID,
  title: "t",
  description: "d",
  categories: [],
  domains: [],
  outputSchema: {},
  parameters: [],
  status: "finished",
  isEnabled: true,
  isPublic: false,
  currentVersion: 1,
  createdAt: "2026-01-01T00:00:00Z",
  updatedAt: "2026-01-01T00:00:00Z",
};
/** Responds to GET requests, like an app that works offline. */
const WORKER = `
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && url.includes("/api/")) event.respondWith(Response.json(${JSON.stringify(SKILL)}));
});`;

describe("a request that never left", () => {
  /** @type {Awaited<ReturnType<typeof importPackage>>} */
  let installed;
  before(async () => {
    installed = await importPackage();
  });
  after(() => installed?.remove());

  /** Executes, and returns the outcome. @param {import("browser-use-skills").BrowserUseOptions} options */
  const execute = async (options) => {
    const client = new installed.library.BrowserUse({ apiKey: "bu_1", maxRetries: 0, ...options });
    const { code, maybeExecuted, retryable } = await failure(client.skills.execute(ID));
    assert.equal(code, "network");
    assert.equal(retryable, !maybeExecuted);
    return { maybeExecuted };
  };

  describe("in Node", () => {
    /** Starts a server that closes every connection, and returns its port. */
    const listen = async () => {
      const server = createServer((socket) => socket.once("data", () => socket.destroy())).listen(0);
      await once(server, "listening");
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      return { port, close: () => once(server.close(), "close") };
    };

    test("had no server, or no host", async () => {
      const { port, close } = await listen();
      await close();
      for (const baseUrl of [
        `http://127.0.0.1:${port}`,
        `http://localhost:${port}`,
        "https://nothing.invalid",
      ]) {
        assert.deepEqual(await execute({ baseUrl }), { maybeExecuted: false }, baseUrl);
      }
    });

    test("is distinguished from one whose connection broke", async () => {
      const { port, close } = await listen();
      try {
        assert.deepEqual(await execute({ baseUrl: `http://127.0.0.1:${port}` }), { maybeExecuted: true });
      } finally {
        await close();
      }
    });

    test("is detected by the errors of all attempted connections", async () => {
      const refused = { syscall: "connect", code: "ECONNREFUSED" };
      const late = { code: "UND_ERR_CONNECT_TIMEOUT" };
      const reset = { syscall: "read", code: "ECONNRESET" };
      const original = globalThis.fetch;
      /** @param {unknown} cause */
      const executeWith = async (cause) => {
        globalThis.fetch = async () => Promise.reject(new TypeError("fetch failed", { cause }));
        return (await execute({})).maybeExecuted;
      };
      try {
        assert.equal(await executeWith(late), false);
        assert.equal(await executeWith({ code: "ECONNREFUSED", errors: [refused, refused] }), false);
        assert.equal(await executeWith({ code: "ECONNREFUSED", errors: [refused, reset] }), true);
        for (const cause of [reset, { errors: [] }, undefined, null, "connect"]) {
          assert.equal(await executeWith(cause), true);
        }
      } finally {
        globalThis.fetch = original;
      }
      // A custom fetch may have retried.
      const fetch = async () => Promise.reject(new TypeError("fetch failed", { cause: refused }));
      assert.deepEqual(await execute({ fetch }), { maybeExecuted: true });
    });
  });

  describe("in Chromium", () => {
    /** @type {string} */
    let folder;
    /** @type {Awaited<ReturnType<typeof serveFolder>>} */
    let site;
    /** @type {import("playwright-core").BrowserContext} */
    let profile;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "browser-use-skills-unsent-"));
      await cp(join(root, "tests/site/index.html"), join(folder, "index.html"));
      await writeFile(join(folder, "worker.js"), WORKER);
      site = await serveFolder({ mounts: { "/": folder, "/package/": installed.packageFolder } });
      const origin = `http://${HOST}:${new URL(site.url).port}`;
      profile = await launchProfile(join(folder, "profile"), {
        // Service workers require https or localhost.
        args: [
          `--host-resolver-rules=MAP ${HOST} 127.0.0.1`,
          `--unsafely-treat-insecure-origin-as-secure=${origin}`,
        ],
      });
    });
    after(async () => {
      await profile?.close();
      await site?.close();
      await rm(folder, { recursive: true, force: true });
    });

    /** Opens a page that has loaded the library, then goes offline. @param {string} host @param {boolean} [hasWorker] */
    const openOffline = async (host, hasWorker = false) => {
      await profile.setOffline(false);
      const page = await profile.newPage();
      await page.goto(`http://${host}:${new URL(site.url).port}/`);
      await page.evaluate(async (hasWorker) => {
        const { BrowserUse } = await import("browser-use-skills");
        await BrowserUse.load();
        if (!hasWorker) return;
        const controlled = new Promise((resolve) => {
          navigator.serviceWorker.addEventListener("controllerchange", resolve);
        });
        await navigator.serviceWorker.register("/worker.js");
        await controlled;
      }, hasWorker);
      await profile.setOffline(true);
      /** Executes, and returns the outcome. @param {string} baseUrl */
      const execute = (baseUrl) =>
        page.evaluate(
          async ({ baseUrl, id }) => {
            const { BrowserUse } = await import("browser-use-skills");
            let sent = 0;
            const client = new BrowserUse({
              // The key is not sent over http.
              apiKey: baseUrl.startsWith("/") ? undefined : "bu_1",
              baseUrl,
              maxRetries: 0,
              onEvent: ({ type }) => {
                if (type === "requestSent") sent++;
              },
            });
            const error = await client.skills.execute(id).catch((/** @type {any} */ error) => error);
            const { code, maybeExecuted, retryable } = error;
            return { code, maybeExecuted, retryable, sent };
          },
          { baseUrl, id: ID },
        );
      return { page, execute };
    };

    test("was for a remote host while the device was offline", async () => {
      const { execute } = await openOffline(HOST);
      for (const baseUrl of ["https://api.browser-use.com/api/v2", "/api/browser-use"]) {
        const unsent = { code: "network", maybeExecuted: false, retryable: true, sent: 0 };
        assert.deepEqual(await execute(baseUrl), unsent, baseUrl);
      }
    });

    test("is not assumed for localhost, which also responds offline", async () => {
      const { execute } = await openOffline("127.0.0.1");
      const maybe = { code: "network", maybeExecuted: true, retryable: false, sent: 1 };
      assert.deepEqual(await execute("/api"), maybe);
      assert.deepEqual(await execute("http://127.0.0.1:1"), maybe);
    });

    test("is an execution, while a service worker responds to GET requests", async () => {
      const { page, execute } = await openOffline(HOST, true);
      assert.deepEqual(await execute("/api"), {
        code: "network",
        maybeExecuted: false,
        retryable: true,
        sent: 0,
      });
      const title = await page.evaluate(async (id) => {
        const { BrowserUse } = await import("browser-use-skills");
        return (await new BrowserUse({ baseUrl: "/api" }).skills.get(id)).title;
      }, ID);
      assert.equal(title, "t");
    });
  });
});
