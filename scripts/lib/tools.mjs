// @ts-check
// Finds the tools of the build and the tests.

import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root } from "./run.mjs";

/** The folder for `cargo install --root`; git ignores it. */
export const toolsRoot = join(root, ".tools");

/** The folder of the tools that setup.mjs compiles. */
export const toolsBin = join(toolsRoot, "bin");

const CHROME_NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const CHROME_MAC_PATHS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

const FIREFOX_MAC_PATHS = ["/Applications/Firefox.app/Contents/MacOS/firefox"];

const MINI_BROWSER_PATHS = ["x86_64", "aarch64"].map(
  (machine) => `/usr/lib/${machine}-linux-gnu/webkit2gtk-4.1/MiniBrowser`,
);

/**
 * Returns this process's environment with the project's tools first on PATH.
 *
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment() {
  const folders = [toolsBin, join(root, "node_modules", ".bin")];
  if (process.env.PATH) folders.push(process.env.PATH);
  return { ...process.env, PATH: folders.join(delimiter) };
}

/**
 * Returns the version of wasm-bindgen in Cargo.lock. Its CLI must have exactly this version.
 *
 * @returns {string}
 */
export function wasmBindgenVersion() {
  const entry = /^name = "wasm-bindgen"\r?\nversion = "([^"]+)"/m.exec(readCargoLock());
  if (!entry?.[1]) throw new Error("Cargo.lock has no version of wasm-bindgen");
  return entry[1];
}

/**
 * Returns the path of Chromium or Chrome; null if not found. CHROME_PATH is not checked.
 *
 * @returns {string | null}
 */
export function findChrome() {
  return process.env.CHROME_PATH || firstOnPath(CHROME_NAMES) || CHROME_MAC_PATHS.find(isExecutable) || null;
}

/**
 * Returns the path of chromedriver; null if not found. CHROMEDRIVER is not checked.
 *
 * @returns {string | null}
 */
export function findChromedriver() {
  const defaultPath = "/usr/bin/chromedriver";
  return (
    process.env.CHROMEDRIVER ||
    firstOnPath(["chromedriver"]) ||
    (isExecutable(defaultPath) ? defaultPath : null)
  );
}

/**
 * Returns the path of the Firefox that geckodriver also finds; null if not found.
 *
 * @returns {string | null}
 */
export function findFirefox() {
  return firstOnPath(["firefox"]) ?? FIREFOX_MAC_PATHS.find(isExecutable) ?? null;
}

/**
 * Returns the path of geckodriver; null if not found.
 *
 * @returns {string | null}
 */
export function findGeckodriver() {
  return firstOnPath(["geckodriver"]);
}

/**
 * Returns the path of WebKitGTK's browser for its WebDriver; null if one of them is not found.
 *
 * @returns {string | null}
 */
export function findMiniBrowser() {
  if (!firstOnPath(["WebKitWebDriver"]) || !firstOnPath(["xvfb-run"])) return null;
  return MINI_BROWSER_PATHS.find(isExecutable) ?? null;
}

/**
 * Returns the path of redis-server; null if not found.
 *
 * @returns {string | null}
 */
export function findRedis() {
  return firstOnPath(["redis-server"]);
}

/**
 * Returns the path of the first of these programs in the project's tools or on PATH; null if none is found.
 *
 * @param {string[]} names
 * @returns {string | null}
 */
export function firstOnPath(names) {
  const folders = (toolEnvironment().PATH ?? "").split(delimiter).filter(Boolean);
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return candidates.find(isExecutable) ?? null;
}

/**
 * @param {string} path
 * @returns {boolean}
 */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function readCargoLock() {
  try {
    return readFileSync(join(root, "Cargo.lock"), "utf8");
  } catch {
    throw new Error("Cargo.lock is missing");
  }
}
