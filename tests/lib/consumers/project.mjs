// @ts-check
/** Copies the projects of tests/consumers out of the repository and installs the packed package in them. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { root } from "../../../scripts/lib/run.mjs";
import { execute } from "./command.mjs";

/** The projects, each with a package.json and a lock file. `shared` contains files for several projects. */
export const SOURCES = join(root, "tests", "consumers");

/**
 * Outside of the repository, because bundlers search parent folders for lock files, tsconfig.json and packages.
 * Kept between runs for the installed packages, except on CI.
 */
const copies = join(tmpdir(), `browser-use-skills-consumers-${hash(root)}`);

/** Caches of bundlers, which are removed: they could contain an earlier version of the package. */
const CACHES = [".cache", ".vite", ".vite-temp", ".vitest", ".nitro", ".astro"];

/**
 * A project that is ready to run.
 *
 * @typedef {object} Project
 * @property {string} folder
 * @property {NodeJS.ProcessEnv} environment of its commands
 */

/** @type {Map<string, Promise<string>>} */
const installations = new Map();

/**
 * Installs the dependencies of a project, once per version of its lock file.
 *
 * @param {string} name
 * @param {string} [source] - The folder of its package.json and lock file.
 * @returns {Promise<string>} the folder of the copy
 */
export function installProject(name, source = join(SOURCES, name)) {
  const installation = installations.get(name) ?? install(name, source);
  installations.set(name, installation);
  return installation;
}

/** @param {string} name @param {string} source */
async function install(name, source) {
  const folder = join(copies, name);
  const modules = join(folder, "node_modules");
  await mkdir(modules, { recursive: true });
  const lock = await readFile(join(source, "package-lock.json"), "utf8").catch(() => undefined);
  const stamp = join(modules, ".installed");
  const installed = await readFile(stamp, "utf8").catch(() => "");
  if (lock === undefined || installed === hash(lock)) return folder;
  for (const file of ["package.json", "package-lock.json"]) await cp(join(source, file), join(folder, file));
  await execute("npm ci --ignore-scripts --no-audit --no-fund --loglevel=error", folder, process.env);
  await writeFile(stamp, hash(lock));
  return folder;
}

/**
 * Creates a new copy of a project with the packed package.
 *
 * @param {string} name
 * @param {object} options
 * @param {string[]} options.sources folders of tests/consumers/shared that it uses
 * @param {string} options.installedPackage the folder where npm has installed the tarball
 * @param {number | undefined} options.node the major version of Node.js that runs it; this process's own by default
 * @param {Record<string, string>} options.variables
 * @returns {Promise<Project>}
 */
export async function layOut(name, { sources, installedPackage, node, variables }) {
  const folder = await installProject(name);
  const modules = join(folder, "node_modules");
  const old = (await readdir(folder)).filter((entry) => entry !== "node_modules");
  const stale = [...old, ...[...CACHES, "browser-use-skills"].map((entry) => join("node_modules", entry))];
  await Promise.all(stale.map((entry) => rm(join(folder, entry), { recursive: true, force: true })));
  const shared = join(SOURCES, "shared");
  for (const file of ["scenario.js", "run.js", "api-proxy.js"])
    await cp(join(shared, file), join(folder, file));
  for (const from of [...sources.map((source) => join(shared, source)), join(SOURCES, name)])
    await cp(from, folder, { recursive: true });
  await cp(installedPackage, join(modules, "browser-use-skills"), { recursive: true });
  const path = [await nodeFolder(node), join(modules, ".bin"), process.env.PATH];
  const environment = {
    ...process.env,
    ...variables,
    PATH: path.filter(Boolean).join(delimiter),
    CI: "1",
    // Without colors, so that URLs can be read from the output.
    NO_COLOR: "1",
    FORCE_COLOR: undefined,
    NODE_ENV: undefined,
    NODE_TEST_CONTEXT: undefined,
    ASTRO_TELEMETRY_DISABLED: "1",
    DENO_NO_UPDATE_CHECK: "1",
    NEXT_TELEMETRY_DISABLED: "1",
    NG_CLI_ANALYTICS: "false",
    NUXT_TELEMETRY_DISABLED: "1",
    WRANGLER_SEND_METRICS: "false",
  };
  return { folder, environment };
}

/**
 * Returns the folder of a Node.js executable; undefined for the one of this process.
 *
 * @param {number | undefined} major
 */
async function nodeFolder(major) {
  if (major === undefined) return undefined;
  const packages = join(await installProject(`node-${major}`), "node_modules");
  const platform = `${process.platform}-${process.arch}`;
  const names = [`node-${platform}`, `node-bin-${platform}`];
  const folders = names.map((name) => join(packages, name, "bin"));
  const found = folders.find((folder) => existsSync(folder));
  if (!found && !process.versions.node.startsWith(`${major}.`))
    throw new Error(`The registry has no Node.js ${major} for ${platform}`);
  return found;
}

/** Removes the copies on CI, where they are not used again. */
export async function removeCopies() {
  if (process.env.CI) await rm(copies, { recursive: true, force: true });
}

/** @param {string} text */
function hash(text) {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
