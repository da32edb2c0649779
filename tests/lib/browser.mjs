// @ts-check
/** A real Chromium. */
import { chromium } from "playwright-core";
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

/** @returns {Promise<import("playwright-core").Browser>} */
export function launchBrowser() {
  return chromium.launch({ executablePath: chromePath(), args: FLAGS });
}

/**
 * With a profile on the disk, whose caches outlive a page.
 *
 * @param {string} folder
 * @param {{ args?: string[], ignoreDefaultArgs?: string[] }} [options]
 */
export function launchProfile(folder, { args = [], ...options } = {}) {
  return chromium.launchPersistentContext(folder, {
    executablePath: chromePath(),
    args: [...FLAGS, ...args],
    ...options,
  });
}

function chromePath() {
  const path = findChrome();
  if (!path) throw new Error("No Chromium was found: set CHROME_PATH, or run `npm run setup`");
  return path;
}
