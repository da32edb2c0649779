// @ts-check
// Installs the tools for the build and the tests; see USAGE.

import { existsSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { capture, isMain, root, run } from "./lib/run.mjs";
import {
  findChrome,
  findChromedriver,
  findFirefox,
  findMiniBrowser,
  findRedis,
  firstOnPath,
  isExecutable,
  toolEnvironment,
  toolsRoot,
  wasmBindgenVersion,
} from "./lib/tools.mjs";

const USAGE = `Usage: node scripts/setup.mjs [rust] [build] [browser] [firefox] [redis]

Installs the missing tools for the build and the tests. Without arguments: all of them.

  rust       the Rust toolchain of rust-toolchain.toml with the target wasm32-unknown-unknown
  build      rust, wasm-pack, the wasm-bindgen CLI in the version of Cargo.lock (compiled into .tools),
             and the npm packages
  browser    Chromium and chromedriver (by apt-get, as root; CHROME_PATH and CHROMEDRIVER override their paths)
  firefox    Firefox (by apt-get, as root) and geckodriver (compiled into .tools)
  webkit     WebKitGTK with its WebDriver, and a virtual display (by apt-get, as root; on Linux only)
  redis      redis-server (by apt-get, as root), which the tests of the proxy start

Lists the tools that could not be installed, with the commands that install them, and then exits with 1.`;

const WASM_TARGET = "wasm32-unknown-unknown";
const WASM_PACK_VERSION = "0.15.1";
const GECKODRIVER_VERSION = "0.37.1";
const APT_INSTALL = ["install", "-y", "--no-install-recommends"];
const CHROMIUM = ["chromium", "chromium-driver"];
const FIREFOX = ["firefox-esr"];
const WEBKIT = ["webkit2gtk-driver", "xvfb", "xauth"];
const REDIS = ["redis-server"];

const RUST_ADVICE = [
  "Debian 13, Ubuntu:  sudo apt-get install rustup && rustup default stable",
  "Fedora:             sudo dnf install rustup && rustup-init",
  "macOS:              brew install rustup && rustup default stable",
  `and then:           rustup target add ${WASM_TARGET}`,
];

const BROWSER_ADVICE = [
  `Debian:  sudo apt-get update && sudo apt-get ${[...APT_INSTALL, ...CHROMIUM].join(" ")}`,
  "Ubuntu:  sudo snap install chromium && export CHROMEDRIVER=/snap/bin/chromium.chromedriver",
  "Fedora:  sudo dnf install chromium chromedriver",
  "Arch:    sudo pacman -S chromium",
  "macOS:   brew install --cask google-chrome chromedriver",
  "or set CHROME_PATH and CHROMEDRIVER to the paths of the two programs (of the same version)",
];

const FIREFOX_ADVICE = [
  `Debian:  sudo apt-get update && sudo apt-get ${[...APT_INSTALL, ...FIREFOX].join(" ")}`,
  "Ubuntu:  sudo snap install firefox",
  "Fedora:  sudo dnf install firefox",
  "macOS:   brew install --cask firefox",
];

const WEBKIT_ADVICE = [
  `Debian, Ubuntu:  sudo apt-get update && sudo apt-get ${[...APT_INSTALL, ...WEBKIT].join(" ")}`,
];

const REDIS_ADVICE = [
  `Debian, Ubuntu:  sudo apt-get update && sudo apt-get ${[...APT_INSTALL, ...REDIS].join(" ")}`,
  "Fedora:          sudo dnf install redis",
  "macOS:           brew install redis",
];

/**
 * A missing tool that could not be installed.
 *
 * @typedef {object} Missing
 * @property {string} what
 * @property {string} why
 * @property {string[]} how - The commands that install it.
 */

/** @typedef {() => Promise<Missing | null>} Step - Installs a tool if it is missing. Returns null on success. */

/** @type {Record<string, Step[]>} */
const PARTS = {
  rust: [ensureWasmTarget],
  build: [
    ensureWasmTarget,
    ensureWasmPack,
    ensureWasmBindgen,
    () => ensureNpmPackages("."),
    () => ensureNpmPackages("docs"),
  ],
  browser: [ensureBrowser],
  firefox: [ensureFirefox, ensureGeckodriver],
  webkit: [ensureWebKit],
  redis: [ensureRedis],
};

/**
 * Installs the tools of these parts. Rejects with a list of everything that is missing.
 *
 * @param {string[]} [parts] "rust", "build", "browser", "firefox", "webkit", "redis"; all by default
 * @returns {Promise<void>}
 */
export async function setup(parts = []) {
  const names = parts.length > 0 ? parts : Object.keys(PARTS);
  /** @type {Missing[]} */
  const missing = [];
  for (const step of names.flatMap(stepsOf)) {
    const result = await step();
    if (result) missing.push(result);
  }
  if (missing.length > 0) throw new Error(describe(missing));
}

/**
 * @param {string} part
 * @returns {Step[]}
 */
function stepsOf(part) {
  const steps = Object.hasOwn(PARTS, part) ? PARTS[part] : undefined;
  if (!steps) throw new Error(`Unknown part: "${part}".\n\n${USAGE}`);
  return steps;
}

/** @type {Step} */
async function ensureWasmTarget() {
  const what = `Rust with the target ${WASM_TARGET}`;
  if (await hasWasmTarget()) return null;
  if (!firstOnPath(["rustup"])) return { what, why: "rustup is not installed", how: RUST_ADVICE };
  return attempt(what, [`rustup target add ${WASM_TARGET}`], hasWasmTarget, async () => {
    // With RUSTUP_AUTO_INSTALL=0, rustup does not install the toolchain of rust-toolchain.toml by itself.
    if ((await installedTargets()) === null) {
      announce("installing the Rust toolchain of rust-toolchain.toml (about 1 minute)");
      await run("rustup", ["toolchain", "install"]);
    }
    announce(`adding the Rust target ${WASM_TARGET} (seconds)`);
    await run("rustup", ["target", "add", WASM_TARGET]);
  });
}

async function hasWasmTarget() {
  if (firstOnPath(["rustup"])) return (await installedTargets())?.includes(WASM_TARGET) ?? false;
  const folder = await capture("rustc", ["--print", "target-libdir", "--target", WASM_TARGET]);
  return folder !== null && existsSync(folder);
}

/** Returns the targets of the active toolchain; null if it is not installed. */
async function installedTargets() {
  const list = await capture("rustup", ["target", "list", "--installed"]);
  return list === null ? null : list.split(/\s+/);
}

/** @type {Step} */
async function ensureWasmPack() {
  const isThere = async () => (await versionOf("wasm-pack")) !== null;
  return ensureCargoTool("wasm-pack", WASM_PACK_VERSION, "1.5 minutes", isThere);
}

/** @type {Step} */
async function ensureWasmBindgen() {
  const version = lockedWasmBindgen();
  if (typeof version !== "string") return version;
  // The crate contains both; the build runs the first and `cargo test` the second.
  const isThere = async () => {
    const versions = [await versionOf("wasm-bindgen"), await versionOf("wasm-bindgen-test-runner")];
    return versions.every((found) => found === version);
  };
  return ensureCargoTool("wasm-bindgen-cli", version, "2 minutes", isThere);
}

/** @returns {string | Missing} */
function lockedWasmBindgen() {
  try {
    return wasmBindgenVersion();
  } catch (error) {
    const how = ["cargo generate-lockfile", "node scripts/setup.mjs build"];
    return { what: "wasm-bindgen-cli in the version of Cargo.lock", why: messageOf(error), how };
  }
}

/**
 * @param {string} name - The name of the crate.
 * @param {string} version
 * @param {string} duration
 * @param {() => Promise<boolean>} isThere
 */
async function ensureCargoTool(name, version, duration, isThere) {
  if (await isThere()) return null;
  // Not --locked: the lock file of wasm-bindgen-cli can contain versions that the registry lacks.
  // --force, because cargo also counts a binary as installed that does not run here (such as one from a cache).
  const args = ["install", name, "--version", version, "--force", "--root"];
  const how = [["cargo", ...args, relative(root, toolsRoot)].join(" ")];
  const what = `${name} ${version}`;
  if (!firstOnPath(["cargo"])) return { what, why: "cargo is not installed", how };
  return attempt(what, how, isThere, async () => {
    announce(`compiling ${what} (about ${duration})`);
    await run("cargo", [...args, toolsRoot], { env: toolEnvironment() });
  });
}

/**
 * Returns the version that a tool prints; null if it is not installed.
 *
 * @param {string} command
 */
async function versionOf(command) {
  const output = await capture(command, ["--version"], { env: toolEnvironment() });
  return output === null ? null : (/\d+\.\d+\.\d\S*/.exec(output)?.[0] ?? output);
}

/**
 * @param {string} folder - The folder of a package.json, relative to the root of the repository.
 * @returns {Promise<Missing | null>}
 */
async function ensureNpmPackages(folder) {
  const what = `the npm packages of ${folder}`;
  if (modified(join(folder, "package-lock.json")) === null) {
    return { what, why: "package-lock.json is missing", how: ["npm install"] };
  }
  const isThere = () => hasNpmPackages(folder);
  if (isThere()) return null;
  // The install scripts only compile or download binaries that the packages contain anyway.
  const command = ["ci", "--ignore-scripts", "--prefix", folder];
  return attempt(what, [["npm", ...command].join(" ")], isThere, async () => {
    announce(`installing ${what} (about 1 minute)`);
    await run("npm", command);
  });
}

/** @param {string} folder */
function hasNpmPackages(folder) {
  // npm writes this file last, so it is newer than the lock file that was installed.
  const installed = modified(join(folder, "node_modules/.package-lock.json"));
  const required = modified(join(folder, "package-lock.json"));
  return installed !== null && required !== null && installed >= required;
}

/**
 * Returns when a file of the repository was last modified; null if it does not exist.
 *
 * @param {string} path
 */
function modified(path) {
  return statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? null;
}

/** @type {Step} */
async function ensureBrowser() {
  const absent = absentFromBrowser();
  if (absent.length === 0) return null;
  const what = absent.join(" and ");
  const misnamed = misnamedVariables();
  if (misnamed.length > 0) {
    const why = `${misnamed.join(" and ")} does not point to an executable`;
    return { what, why, how: [`unset ${misnamed.join(" ")}`, "node scripts/setup.mjs browser"] };
  }
  const isThere = () => absentFromBrowser().length === 0;
  return ensureByApt(what, CHROMIUM, BROWSER_ADVICE, isThere);
}

/** @type {Step} */
async function ensureFirefox() {
  const isThere = () => findFirefox() !== null;
  return isThere() ? null : ensureByApt("Firefox", FIREFOX, FIREFOX_ADVICE, isThere);
}

/** @type {Step} */
async function ensureGeckodriver() {
  const isThere = async () => (await versionOf("geckodriver")) !== null;
  return ensureCargoTool("geckodriver", GECKODRIVER_VERSION, "2 minutes", isThere);
}

/** @type {Step} */
async function ensureWebKit() {
  const isThere = () => process.platform !== "linux" || findMiniBrowser() !== null;
  return isThere() ? null : ensureByApt("WebKitGTK", WEBKIT, WEBKIT_ADVICE, isThere);
}

/** @type {Step} */
async function ensureRedis() {
  const isThere = () => findRedis() !== null;
  return isThere() ? null : ensureByApt("redis-server", REDIS, REDIS_ADVICE, isThere);
}

/**
 * @param {string} what
 * @param {string[]} packages
 * @param {string[]} how
 * @param {() => boolean} isThere
 */
async function ensureByApt(what, packages, how, isThere) {
  if (!firstOnPath(["apt-get"])) return { what, why: "apt-get is not available", how };
  if (process.getuid?.() !== 0) return { what, why: "installing it requires root", how };
  return attempt(what, how, isThere, async () => {
    announce(`installing ${what} (about 1 minute)`);
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    await run("apt-get", ["update"], { env });
    await run("apt-get", [...APT_INSTALL, ...packages], { env });
  });
}

function absentFromBrowser() {
  const absent = [];
  if (!isExecutable(findChrome() ?? "")) absent.push("Chromium");
  if (!isExecutable(findChromedriver() ?? "")) absent.push("chromedriver");
  return absent;
}

function misnamedVariables() {
  return ["CHROME_PATH", "CHROMEDRIVER"].filter((name) => {
    const path = process.env[name];
    return path && !isExecutable(path);
  });
}

/**
 * Installs a tool and checks that it is available afterwards.
 *
 * @param {string} what
 * @param {string[]} how
 * @param {() => boolean | Promise<boolean>} isThere
 * @param {() => Promise<void>} install
 * @returns {Promise<Missing | null>}
 */
async function attempt(what, how, isThere, install) {
  try {
    await install();
  } catch (error) {
    return { what, why: messageOf(error), how };
  }
  if (await isThere()) return null;
  return { what, why: "it was installed, but it does not run or is not on PATH", how };
}

/** @param {Missing[]} missing */
function describe(missing) {
  const items = missing.map(({ what, why, how }) =>
    [`- ${what}: ${why}`, ...how.map((line) => `    ${line}`)].join("\n"),
  );
  return ["Missing, with the commands that install it:", ...items].join("\n\n");
}

/** @param {string} doing */
function announce(doing) {
  console.log(`setup: ${doing}`);
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

async function main() {
  const args = process.argv.slice(2);
  if (args.includes("--help") || args.includes("-h")) {
    console.log(USAGE);
    return;
  }
  await setup(args);
  announce("everything is installed");
}

if (isMain(import.meta.url)) {
  main().catch((error) => {
    console.error(messageOf(error));
    process.exitCode = 1;
  });
}
