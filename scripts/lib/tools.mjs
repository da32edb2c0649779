// @ts-check
// Where the tools are that the build and the tests call.

import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root } from "./run.mjs";

/** The folder that `cargo install --root` takes; git ignores it. */
export const toolsRoot = join(root, ".tools");

/** The folder of the tools that setup.mjs compiles. */
export const toolsBin = join(toolsRoot, "bin");

const CHROME_NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const CHROME_MAC_PATHS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

const FIREFOX_MAC_PATHS = ["/Applications/Firefox.app/Contents/MacOS/firefox"];

/**
 * This process's environment, with the project's own tools first on PATH.
 *
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment() {
  const folders = [toolsBin, join(root, "node_modules", ".bin")];
  if (process.env.PATH) folders.push(process.env.PATH);
  return { ...process.env, PATH: folders.join(delimiter) };
}

/**
 * The version of wasm-bindgen in Cargo.lock: its command-line tool must have exactly the same.
 *
 * @returns {string}
 */
export function wasmBindgenVersion() {
  const entry = /^name = "wasm-bindgen"\r?\nversion = "([^"]+)"/m.exec(readCargoLock());
  if (!entry?.[1]) throw new Error("Cargo.lock names no version of wasm-bindgen");
  return entry[1];
}

/**
 * The path of Chromium or Chrome; null when there is none. CHROME_PATH is taken as it is.
 *
 * @returns {string | null}
 */
export function findChrome() {
  return process.env.CHROME_PATH || firstOnPath(CHROME_NAMES) || CHROME_MAC_PATHS.find(isExecutable) || null;
}

/**
 * The path of chromedriver; null when there is none. CHROMEDRIVER is taken as it is.
 *
 * @returns {string | null}
 */
export function findChromedriver() {
  const usual = "/usr/bin/chromedriver";
  return process.env.CHROMEDRIVER || firstOnPath(["chromedriver"]) || (isExecutable(usual) ? usual : null);
}

/**
 * The path of the Firefox that geckodriver finds too; null when there is none.
 *
 * @returns {string | null}
 */
export function findFirefox() {
  return firstOnPath(["firefox"]) ?? FIREFOX_MAC_PATHS.find(isExecutable) ?? null;
}

/**
 * The path of geckodriver; null when there is none.
 *
 * @returns {string | null}
 */
export function findGeckodriver() {
  return firstOnPath(["geckodriver"]);
}

/**
 * The path of redis-server; null when there is none.
 *
 * @returns {string | null}
 */
export function findRedis() {
  return firstOnPath(["redis-server"]);
}

/**
 * The path of the first of these programs that PATH or the project's own tools have; null when none.
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
    throw new Error("Cargo.lock is not there");
  }
}
