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
  const executablePath = findChrome();
  if (!executablePath) throw new Error("No Chromium was found: set CHROME_PATH, or run `npm run setup`");
  return chromium.launch({ executablePath, args: FLAGS });
}
