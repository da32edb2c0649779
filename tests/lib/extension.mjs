// @ts-check
/** Builds extensions with the packed library: the example, with the emulator as its API, and others. */
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root, run } from "../../scripts/lib/run.mjs";
import { installPackage } from "./package.mjs";

/** A site that the marketplace has a skill for. */
export const SITE = "news.ycombinator.com";

/**
 * The extension in Chromium or Firefox.
 *
 * @typedef {object} LoadedExtension
 * @property {<Value, Argument>(run: (argument: Argument) => Value, argument?: Argument) => Promise<Awaited<Value>>} evaluate
 *   evaluates a function in the options page, which stays open: pages of an extension can access its popup
 * @property {<Value>(run: () => Value) => Promise<Awaited<Value>>} evaluateOnSite
 * @property {() => Promise<unknown>} openSite - In a separate tab; reloads it if it is open.
 * @property {() => Promise<unknown>} clickAction - Clicks the toolbar button on the site, which opens the popup.
 * @property {() => Promise<unknown>} killWorker - As the browser does when the worker is idle.
 * @property {() => Promise<unknown>} close
 */

/** Copies an extension and adds the packed library. @param {string} source */
export async function copyExtension(source) {
  const installed = await installPackage();
  const folder = join(installed.projectFolder, "extension");
  await cp(source, folder, { recursive: true });
  const program = join(installed.projectFolder, "node_modules", ".bin", "browser-use-skills");
  await run(program, ["copy", join(folder, "browser-use-skills")]);
  return { folder, remove: installed.remove };
}

/**
 * Copies the example and changes its base URL.
 *
 * @param {string} baseUrl
 * @param {object} additions - Additional fields of its manifest.
 */
export async function buildExtension(baseUrl, additions) {
  const { folder, remove } = await copyExtension(join(root, "examples/extension"));
  const replace = async (
    /** @type {string} */ name,
    /** @type {string} */ from,
    /** @type {string} */ to,
  ) => {
    const text = await readFile(join(folder, name), "utf8");
    if (!text.includes(from)) throw new Error(`${name} has no ${from}`);
    await writeFile(join(folder, name), text.replace(from, to));
  };
  await replace("api.js", "https://api.browser-use.com/api/v2", baseUrl);
  await replace("manifest.json", "https://api.browser-use.com/*", "http://127.0.0.1/*");
  const manifest = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8"));
  await writeFile(join(folder, "manifest.json"), JSON.stringify({ ...manifest, ...additions }));
  return { folder, remove };
}
