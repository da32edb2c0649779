// @ts-check
/** Builds and serves the playground as it is published: below a path, on a separate origin. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { root } from "../../scripts/lib/run.mjs";
import { serveFolder } from "../../scripts/serve.mjs";
import { buildSite, SITE } from "../../scripts/site.mjs";
import { launchBrowser } from "./browser.mjs";
import { startEmulator } from "./emulator.mjs";

/** @typedef {import("playwright-core").Page} Page */

const ARTIFACTS = join(root, "tests", "artifacts");
const PATH = "some/path/";

export async function openPlayground() {
  await buildSite();
  mkdirSync(ARTIFACTS, { recursive: true });
  const server = await serveFolder({ mounts: { [`/${PATH}`]: SITE } });
  const browser = await launchBrowser();
  const url = server.url + PATH;
  /**
   * Opens a page in a new context, and collects errors and warnings of the browser.
   *
   * @param {string} [hash]
   * @param {import("playwright-core").BrowserContextOptions} [options]
   */
  const visit = async (hash = "", options = {}) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
    const page = await context.newPage();
    /** @type {string[]} */
    const complaints = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    await page.goto(url + hash);
    return { page, complaints, done: () => context.close() };
  };
  const close = async () => {
    await browser.close();
    await server.close();
  };
  return { url, visit, close };
}

/** @type {Awaited<ReturnType<typeof openPlayground>>} */
export let playground;
/** @type {Awaited<ReturnType<typeof startEmulator>>} */
export let emulator;
/** All emulators, so that none outlives a failed test. @type {Array<Awaited<ReturnType<typeof startEmulator>>>} */
const emulators = [];

/** Opens the playground for the tests of a suite, with an emulator on another origin. */
export function usePlayground() {
  before(async () => {
    playground = await openPlayground();
    // Requires preflight requests, and allows only this origin.
    emulator = await start("--generation-ms", "600", "--origin", new URL(playground.url).origin);
  });
  after(async () => {
    await playground?.close();
    for (const { close } of emulators) close();
  });
}

/** Starts an emulator until the end of the suite. @param {string[]} options */
export async function start(...options) {
  const started = await startEmulator(...options);
  emulators.push(started);
  return started;
}

/** @param {Page} page @param {string} name */
export async function screenshot(page, name) {
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(ARTIFACTS, `playground-${name}.png`), fullPage: true });
}

/** Navigates the open page to another view. @param {Page} page @param {string} hash */
export async function go(page, hash) {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, hash);
}

/** Connects to an emulator over HTTP. @param {Page} page @param {string} baseUrl */
export async function connectTo(page, baseUrl) {
  await go(page, `#/connect?mode=server&baseUrl=${encodeURIComponent(baseUrl)}`);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.locator(".badge[data-mode=server]").waitFor();
}

/** Returns the button that runs a skill. @param {Page} page */
export function runButton(page) {
  return page.getByRole("form", { name: "Parameters" }).getByRole("button", { name: /^Run/ });
}

/** Clones a skill of the marketplace and opens a view of the copy. Returns its id. */
export async function clone(
  /** @type {Page} */ page,
  /** @type {string} */ slug,
  /** @type {string} */ view = "",
) {
  await go(page, `#/marketplace/${slug}`);
  await page.getByRole("button", { name: "Clone" }).click();
  await page.waitForURL(/#\/skill\//);
  const id = /#\/skill\/([^/]+)/.exec(page.url())?.[1] ?? "";
  if (view) await go(page, `#/skill/${id}/${view}`);
  return id;
}

/** Fills in every required parameter. @param {Page} page @param {string} text */
export async function fillRequired(page, text) {
  const fields = page.locator("form [aria-required=true]");
  await fields.first().waitFor();
  for (const field of await fields.all()) await field.fill(text);
}

/** Changes the settings of the emulator in the page. @param {Page} page @param {Record<string, string>} values by label */
export async function setEmulator(page, values) {
  await go(page, "#/emulator");
  for (const [label, value] of Object.entries(values)) {
    const field = page.getByLabel(label, { exact: true });
    await field.fill(value);
    await field.blur();
  }
}

/** @param {Page} page @param {"Instant" | "Fast" | "As in the cloud"} speed */
export async function setSpeed(page, speed) {
  await go(page, "#/emulator");
  await page.getByRole("radio", { name: speed }).click({ force: true });
  const hint = { Instant: "takes 50 ms", Fast: "takes 6000 ms", "As in the cloud": "takes 45000 ms" }[speed];
  await page.getByText(hint).waitFor();
}

/** Adds a fault to the next requests. @param {Page} page */
export async function addFault(page, /** @type {string} */ name, { operation = "", count = 1 } = {}) {
  await go(page, "#/emulator");
  await page.getByLabel("Operation").selectOption(operation);
  await page.getByLabel("Number of requests").fill(String(count));
  await page.getByLabel("Number of requests").blur();
  await page.getByRole("button", { name, exact: true }).click();
  await page.getByText(`will fail: ${name}`).waitFor();
}

/** Selects every recorded call in the requests view. Returns the texts of their requests and responses. @param {Page} page */
export async function readCalls(page, operation = "") {
  await go(page, "#/requests");
  await page.getByRole("heading", { name: "Requests" }).waitFor();
  for (const polls of await page.locator(".polls").all()) await polls.click();
  let text = "";
  for (const call of await page.locator(operation ? `.call[data-operation="${operation}"]` : ".call").all()) {
    await call.click();
    for (const tab of ["Request", "Response"]) {
      await page.locator(".call-detail").getByLabel(tab, { exact: true }).check({ force: true });
      text += await page.locator(".call-detail").textContent();
    }
  }
  return text;
}
