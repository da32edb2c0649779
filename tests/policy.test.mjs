// @ts-check
/** The packed package in a page whose policy is as strict as it can be, and in pages where it is too strict. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root } from "../scripts/lib/run.mjs";
import { serveFolder } from "../scripts/serve.mjs";
import { launchBrowser } from "./lib/browser.mjs";
import { startEmulator } from "./lib/emulator.mjs";
import { installPackage } from "./lib/package.mjs";

const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

describe("under a content security policy", () => {
  /** @type {Awaited<ReturnType<typeof startEmulator>>} */
  let emulator;
  /** @type {Awaited<ReturnType<typeof installPackage>>} */
  let stranger;
  /** @type {import("playwright-core").Browser} */
  let browser;
  /** @type {Record<string, string>} */
  let strict;

  before(async () => {
    [emulator, stranger, browser] = await Promise.all([startEmulator(), installPackage(), launchBrowser()]);
    strict = {
      "default-src": "'none'",
      "script-src": "'self' 'wasm-unsafe-eval'",
      // The WebAssembly is fetched too.
      "connect-src": `'self' ${new URL(emulator.baseUrl).origin}`,
      "require-trusted-types-for": "'script'",
      "trusted-types": "'none'",
    };
  });
  after(async () => {
    await browser?.close();
    await stranger?.remove();
    emulator?.close();
  });

  /**
   * @param {Record<string, string>} policy
   * @param {(page: import("playwright-core").Page) => Promise<unknown>} visit
   */
  const open = async (policy, visit) => {
    const directives = Object.entries(policy).map((directive) => directive.join(" "));
    const site = await serveFolder({
      mounts: { "/": join(root, "tests/site"), "/package/": stranger.installed },
      headers: { ...ISOLATION, "Content-Security-Policy": directives.join("; ") },
    });
    const page = await browser.newPage();
    try {
      await page.goto(`${site.url}empty.html`);
      await visit(page);
    } finally {
      await page.close();
      await site.close();
    }
  };
  /** What loading ends with. @param {import("playwright-core").Page} page */
  const loadFailure = (page) =>
    page.evaluate(async () => {
      // @ts-expect-error a path of the test site
      const { BrowserUse } = await import("/package/index.js");
      return BrowserUse.load().then(
        () => "it was loaded",
        (/** @type {Error} */ error) => `${error.name}: ${error.message}`,
      );
    });

  test("the whole story runs without a violation", async () => {
    await open(strict, async (page) => {
      const { forbidden, isolated, done, violations } = await page.evaluate(async (baseUrl) => {
        /** @type {string[]} */
        const violations = [];
        document.addEventListener("securitypolicyviolation", (event) => {
          violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
        });
        // @ts-expect-error a path of the test site
        const { BrowserUse } = await import("/package/index.js");
        // @ts-expect-error a path of the test site
        const { story } = await import("/story.js");
        const advance = (/** @type {number} */ ms) =>
          fetch(new URL("/__emulator/advance", baseUrl), { method: "POST", body: JSON.stringify({ ms }) });
        const done = await story(new BrowserUse({ baseUrl, apiKey: "bu_1" }), advance);
        const found = [...violations];
        // That the policy is in force.
        const forbidden = [() => new Function("return 1"), () => (document.body.innerHTML = "<p>")].map(
          (act) => {
            try {
              act();
              return "allowed";
            } catch (error) {
              return /** @type {Error} */ (error).name;
            }
          },
        );
        return { done, violations: found, forbidden, isolated: crossOriginIsolated };
      }, emulator.baseUrl);
      assert.equal(done.length, 15);
      assert.deepEqual(violations, []);
      assert.deepEqual(forbidden, ["EvalError", "TypeError"]);
      assert.equal(isolated, true);
    });
  });

  test("without 'wasm-unsafe-eval' the error says what to add", async () => {
    await open({ ...strict, "script-src": "'self'" }, async (page) => {
      assert.match(await loadFailure(page), /^LoadError: .*add 'wasm-unsafe-eval' to script-src/);
    });
  });

  test("where the WebAssembly may not be fetched the error names the policy too", async () => {
    await open({ ...strict, "connect-src": new URL(emulator.baseUrl).origin }, async (page) => {
      assert.match(await loadFailure(page), /^LoadError: .*connect-src/);
    });
  });
});
