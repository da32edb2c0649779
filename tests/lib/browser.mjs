// @ts-check
/** Launches Chromium. */
import { findChrome } from "../../scripts/lib/tools.mjs";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** @param {string} [executablePath] @returns {Promise<import("playwright-core").Browser>} */
export async function launchBrowser(executablePath = chromePath()) {
  const chromium = await playwrightChromium();
  return chromium.launch({ executablePath, args: FLAGS });
}

/**
 * The common interface of Chromium and Firefox.
 *
 * @typedef {object} Page
 * @property {(url: string) => Promise<unknown>} goto
 * @property {<Value>(run: () => Value) => Promise<Awaited<Value>>} evaluate
 * @property {() => Promise<unknown>} close the browser
 */

/** Launches Chromium with one page. @returns {Promise<Page>} */
export async function launchPage() {
  const browser = await launchBrowser();
  const page = await browser.newPage();
  return {
    goto: (url) => page.goto(url),
    evaluate: (run) => page.evaluate(/** @type {any} */ (run)),
    close: () => browser.close(),
  };
}

/**
 * Launches Chromium with a persistent profile, whose caches outlive a page.
 *
 * @param {string} folder
 * @param {{ args?: string[], ignoreDefaultArgs?: string[] }} [options]
 */
export async function launchProfile(folder, { args = [], ...options } = {}) {
  const chromium = await playwrightChromium();
  return chromium.launchPersistentContext(folder, {
    executablePath: chromePath(),
    args: [...FLAGS, ...args],
    ...options,
  });
}

/** Imported on demand: `npm run bench` installs it first. */
async function playwrightChromium() {
  const { chromium } = await import("playwright-core");
  return chromium;
}

function chromePath() {
  const path = findChrome();
  if (!path) throw new Error("Chromium was not found: set CHROME_PATH, or run `npm run setup`");
  return path;
}
