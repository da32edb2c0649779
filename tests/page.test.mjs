// @ts-check
// The demo page in a browser, with the real package and the real emulator behind it.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { root } from "../scripts/lib/run.mjs";
import { serveFolder } from "../scripts/serve.mjs";
import { launchBrowser } from "./lib/browser.mjs";
import { startEmulator } from "./lib/emulator.mjs";

/** @typedef {import("playwright-core").Page} Page */

const ARTIFACTS = join(root, "tests", "artifacts");
const STEPS = [
  "look",
  "create",
  "wait",
  "execute",
  "refine",
  "rollback",
  "clone",
  "executions",
  "delete",
  "errors",
];
/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator;
/** @type {{ url: string, close(): Promise<void> }} */
let site;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  mkdirSync(ARTIFACTS, { recursive: true });
  emulator = await startEmulator("--generation-ms", "600");
  site = await serve(emulator.baseUrl);
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  await site?.close();
  emulator?.close();
});

/** @param {string} emulatorUrl */
function serve(emulatorUrl) {
  return serveFolder({
    mounts: { "/": join(root, "www"), "/package/": join(root, "pkg") },
    extra: { "/config.json": () => ({ emulator: emulatorUrl }) },
  });
}

/**
 * Opens the page and hands over what the browser complains about.
 *
 * @param {string} url
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
async function open(url, options) {
  const page = await browser.newPage(options);
  /** @type {string[]} */
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(url);
  return { page, complaints };
}

/** @param {Page} page */
async function runStory(page) {
  await page.getByRole("button", { name: "Run the whole story" }).click();
  await page.waitForSelector("body:is([data-story=done], [data-story=failed])");
}

/** @param {Page} page */
function states(page) {
  return page
    .locator("[data-step]")
    .evaluateAll((found) =>
      found.map((step) => [step.getAttribute("data-step"), step.getAttribute("data-state")]),
    );
}

/** @param {import("playwright-core").Locator} locator */
async function textOf(locator) {
  return (await locator.textContent()) ?? "";
}

/** @param {Page} page */
function widths(page) {
  return page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
}

/**
 * @param {Page} page
 * @param {string} name
 */
async function screenshot(page, name) {
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.screenshot({ path: join(ARTIFACTS, `${name}.png`), fullPage: true });
}

test("the whole story runs, and the requests are shown without the key", async () => {
  const { page, complaints } = await open(site.url, { viewport: { width: 1280, height: 900 } });
  await runStory(page);
  await screenshot(page, "page-light");
  await page.emulateMedia({ colorScheme: "dark" });
  await screenshot(page, "page-dark");

  assert.deepEqual(
    await states(page),
    STEPS.map((name) => [name, "done"]),
    await page.locator(".out .error:not(.expected)").allTextContents().then(String),
  );
  assert.match(await textOf(page.locator("#library")), /^ready in \d+ ms$/);

  const requests = page.locator("#requests > li");
  const methods = await requests.evaluateAll((items) =>
    items.map((item) => item.getAttribute("data-method")),
  );
  assert.deepEqual([...new Set(methods)].sort(), ["DELETE", "GET", "PATCH", "POST"]);
  const statuses = await requests.evaluateAll((items) =>
    items.map((item) => item.getAttribute("data-status")),
  );
  assert.deepEqual([...new Set(statuses)].sort(), ["200", "202", "204", "404"]);

  const text = (await page.locator("body").textContent()) ?? "";
  assert.ok(!text.includes("bu_emulator"), "the key is on the page");
  assert.match(text, /x-browser-use-api-key: •••/i);

  const errors = page.locator("[data-step=errors] [data-error]");
  assert.deepEqual(
    await errors.evaluateAll((found) => found.map((error) => error.getAttribute("data-error"))),
    ["skill_not_found", "invalid_request", "invalid_request"],
  );
  assert.match(await textOf(errors.nth(1)), /agentPrompt/);
  assert.match(await textOf(errors.nth(2)), /pageSize/);

  const unexpected = complaints.filter((text) => !/^Failed to load resource: .* 404 /.test(text));
  assert.deepEqual(unexpected, []);
  await page.close();
});

test("it runs twice in the same page", async () => {
  const { page } = await open(site.url);
  await runStory(page);
  await runStory(page);
  assert.equal(await page.locator("body").getAttribute("data-story"), "done");
  await page.close();
});

test("nothing is wider than a phone", async () => {
  const { page } = await open(site.url, { viewport: { width: 360, height: 780 } });
  const [before, width] = await widths(page);
  assert.equal(before, width);
  await runStory(page);
  await screenshot(page, "page-phone");
  await page.locator("#requests summary").first().click();
  const [after] = await widths(page);
  assert.equal(after, width);
  await page.close();
});

test("a step that cannot run yet says what it needs", async () => {
  const { page } = await open(site.url);
  await page.locator("[data-step=create] button:enabled").waitFor();
  const wait = page.locator("[data-step=wait]");
  assert.ok(await wait.getByRole("button", { name: "Run step 3" }).isDisabled());
  assert.equal(await textOf(wait.locator(".note")), "Needs the skill of step 2");
  await page.close();
});

test("a generation can be cancelled while it is waited for", async () => {
  const slow = await startEmulator("--generation-ms", "600000");
  const slowSite = await serve(slow.baseUrl);
  const { page } = await open(slowSite.url);
  await page.getByRole("button", { name: "Run step 2" }).click();
  await page.getByRole("button", { name: "Run step 3" }).click();
  await page.getByRole("button", { name: "Cancel the generation" }).click();
  await page.waitForSelector("[data-step=wait][data-state=failed]");
  assert.match(await textOf(page.locator("[data-step=wait] .out")), /ended as cancelled/);
  await page.close();
  await slowSite.close();
  slow.close();
});

test("a prompt that is too short is not sent", async () => {
  const { page } = await open(site.url);
  await page.locator("#agent-prompt").fill("Go");
  await page.getByRole("button", { name: "Run step 2" }).click();
  assert.equal(await page.locator("#requests > li").count(), 0);
  assert.ok(await page.locator("#agent-prompt").evaluate((area) => area.matches(":invalid")));
  await page.close();
});

test("an emulator that is gone is told, not hidden", async () => {
  const gone = await serve("http://127.0.0.1:9/api/v2");
  const { page } = await open(gone.url);
  await page.getByRole("button", { name: "Run step 1", exact: true }).click();
  await page.waitForSelector("[data-step=look][data-state=failed]");
  assert.equal(await page.locator("[data-step=look] [data-error]").getAttribute("data-error"), "network");
  await page.close();
  await gone.close();
});
