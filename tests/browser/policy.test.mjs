// @ts-check
/** The packed package in pages with the strictest possible policy, or a stricter one, in Chromium, Firefox and WebKit. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root } from "../../scripts/lib/run.mjs";
import { serveFolder } from "../../scripts/serve.mjs";
import { launchPage } from "../lib/browser.mjs";
import { startEmulator } from "../lib/emulator.mjs";
import { launchFirefox } from "../lib/firefox.mjs";
import { installPackage } from "../lib/package.mjs";
import { until } from "../lib/until.mjs";
import { launchWebKit, WEBKIT_SKIPPED } from "../lib/webkit.mjs";

const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

const BROWSERS = { Chromium: launchPage, Firefox: launchFirefox, WebKit: launchWebKit };

for (const [name, launch] of Object.entries(BROWSERS)) {
  const skip = name === "WebKit" && WEBKIT_SKIPPED;
  describe(`under a content security policy in ${name}`, { skip }, () => {
    /** @type {Awaited<ReturnType<typeof startEmulator>>} */
    let emulator;
    /** @type {Awaited<ReturnType<typeof installPackage>>} */
    let installed;
    /** @type {import("../lib/browser.mjs").Page} */
    let page;
    /** @type {Record<string, string>} */
    let strict;

    before(async () => {
      [emulator, installed, page] = await Promise.all([startEmulator(), installPackage(), launch()]);
      strict = {
        "default-src": "'none'",
        "script-src": "'self' 'wasm-unsafe-eval'",
        // For the WebAssembly too.
        "connect-src": `'self' ${new URL(emulator.baseUrl).origin}`,
        // For the icon that WebKit requests without being asked.
        "img-src": "'self'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
      };
    });
    after(async () => {
      await page?.close();
      await installed?.remove();
      emulator?.close();
    });

    /** Returns the result of tests/site/policy.js. @param {Record<string, string>} policy */
    const outcomeUnder = async (policy) => {
      const directives = Object.entries(policy).map((directive) => directive.join(" "));
      const site = await serveFolder({
        mounts: { "/": join(root, "tests/site"), "/package/": installed.packageFolder },
        headers: { ...ISOLATION, "Content-Security-Policy": directives.join("; ") },
      });
      try {
        await page.goto(`${site.url}policy.html?api=${encodeURIComponent(emulator.baseUrl)}`);
        await until(() => page.evaluate(() => document.title !== ""));
        return JSON.parse(await page.evaluate(() => document.title));
      } finally {
        await site.close();
      }
    };

    test("every operation runs without a violation", async () => {
      assert.deepEqual(await outcomeUnder(strict), { done: 22, violations: [], isStrict: true });
    });

    test("without 'wasm-unsafe-eval', the error names it", async () => {
      const { error } = await outcomeUnder({ ...strict, "script-src": "'self'" });
      assert.match(error, /^LoadError: .*add 'wasm-unsafe-eval' to script-src/);
    });

    test("if the policy forbids fetching the WebAssembly, it is loaded as a script", async () => {
      const { origin } = new URL(emulator.baseUrl);
      const { done, violations } = await outcomeUnder({ ...strict, "connect-src": origin });
      assert.equal(done, 22);
      assert.deepEqual(
        violations.map((/** @type {string} */ violation) => violation.split(" ")[0]),
        ["connect-src"],
        "blocked once, and not retried",
      );
    });

    test("if the policy forbids both, the error names the directives", async () => {
      const { origin } = new URL(emulator.baseUrl);
      const scripts = ["package/index.js", "policy.js", "operations.js"].map(
        (path) => `http://127.0.0.1:*/${path}`,
      );
      const { error } = await outcomeUnder({
        ...strict,
        "connect-src": origin,
        // Everything except embedded.js.
        "script-src": [...scripts, "'wasm-unsafe-eval'"].join(" "),
      });
      assert.match(error, /^LoadError: .*connect-src/);
    });
  });
}
