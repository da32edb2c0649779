// @ts-check
/** The Rust examples with Yew and Leptos, compiled and run in Chromium with the emulator. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { root, run } from "../../scripts/lib/run.mjs";
import { toolEnvironment } from "../../scripts/lib/tools.mjs";
import { serveFolder } from "../../scripts/serve.mjs";
import { launchBrowser } from "../lib/browser.mjs";
import { startEmulator } from "../lib/emulator.mjs";

const CANARY = "bu_canary_4711";
const PROXY = "/api/browser-use";
const TARGET = "wasm32-unknown-unknown";

for (const name of ["yew", "leptos"])
  describe(`the example in ${name}`, () => {
    /** @type {Awaited<ReturnType<typeof startEmulator>>} */
    let emulator;
    /** @type {Awaited<ReturnType<typeof serveFolder>>} */
    let site;
    /** @type {import("playwright-core").Browser} */
    let browser;
    /** @type {import("playwright-core").Page} */
    let page;

    before(async () => {
      const pkg = await buildExample(name);
      [emulator, browser] = await Promise.all([startEmulator("--api-key", CANARY), launchBrowser()]);
      site = await serveFolder({ mounts: { "/": join(root, "examples", name), "/pkg/": pkg } });
      page = await browser.newPage();
      // In place of the proxy on the page's server.
      await page.route(`**${PROXY}/**`, async (route) => {
        const headers = await route.request().allHeaders();
        assert.ok(!("x-browser-use-api-key" in headers));
        const { pathname, search } = new URL(route.request().url());
        const url = emulator.baseUrl + pathname.slice(PROXY.length) + search;
        await route.continue({ url, headers: { ...headers, "x-browser-use-api-key": CANARY } });
      });
    });
    after(async () => {
      await browser?.close();
      await site?.close();
      emulator?.close();
    });
    beforeEach(async () => {
      await emulator.ask("POST", "/reset");
      await page.goto(site.url);
    });

    const cloneAndRun = (/** @type {string} */ title) =>
      page.getByRole("listitem").filter({ hasText: title }).getByRole("button").click();

    test("lists the marketplace, clones a skill and shows its result", async () => {
      await cloneAndRun("Top Stories");
      await page
        .getByRole("status")
        .filter({ hasText: /^Result: \[.*"points"/ })
        .waitFor();
      const { counts } = await emulator.ask("GET", "/requests");
      assert.deepEqual(counts, { "marketplace.list": 1, "marketplace.clone": 1, "skills.execute": 1 });
    });

    test("distinguishes a failed run from an error, by its code", async () => {
      await cloneAndRun("Weather Forecast");
      await page.getByRole("status").filter({ hasText: "The skill ran and failed: Missing" }).waitFor();
      await emulator.ask("PATCH", "/settings", { credits: 0 });
      await cloneAndRun("Top Stories");
      await page.getByRole("status").filter({ hasText: "You do not have enough credits." }).waitFor();
    });
  });

/** @param {string} name @returns {Promise<string>} the folder with the files of the page */
async function buildExample(name) {
  const env = toolEnvironment();
  // Not the folder of the step that tests the wasm at the same time: both would replace the crates that the other one uses.
  const target = join(root, "target", "examples");
  const manifest = join(root, "examples", name, "Cargo.toml");
  const where = ["--manifest-path", manifest, "--target", TARGET, "--target-dir", target];
  await run("cargo", ["build", "--quiet", ...where], { env });
  const out = join(root, "dist", name);
  const wasm = join(target, TARGET, "debug", `skills-in-${name}.wasm`);
  await run("wasm-bindgen", ["--target", "web", "--no-typescript", "--out-dir", out, wasm], { env });
  return out;
}
