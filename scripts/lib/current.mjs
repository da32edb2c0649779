// @ts-check
// Checks whether build output is newer than its inputs.

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./run.mjs";

/**
 * @param {string} built - The file that is written last, relative to the root of the repository.
 * @param {string[]} inputs - Files and folders that it is built from.
 */
export async function isCurrent(built, inputs) {
  const made = await stat(join(root, built)).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  const changes = await Promise.all(inputs.map((name) => newestChange(join(root, name))));
  return changes.every((time) => time < made);
}

/** @param {string} path @returns {Promise<number>} */
async function newestChange(path) {
  const found = await stat(path);
  if (!found.isDirectory()) return found.mtimeMs;
  const names = await readdir(path);
  const inside = names.filter((name) => name !== "node_modules");
  return Math.max(0, ...(await Promise.all(inside.map((name) => newestChange(join(path, name))))));
}
