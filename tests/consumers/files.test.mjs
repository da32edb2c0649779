// @ts-check
/** The lock files of the consumers, and the documentation page that lists them. */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { page } from "../../scripts/consumers.mjs";
import { documented } from "../lib/consumers/document.mjs";
import { SOURCES } from "../lib/consumers/project.mjs";
import { consumers } from "../lib/consumers/table.mjs";

/** @typedef {Record<string, { resolved?: string, optionalDependencies?: Record<string, string> }>} Packages */

/** An older clone may contain ignored packages there. */
const entries = await readdir(SOURCES, { withFileTypes: true });
const folders = entries
  .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
  .map(({ name }) => name);

/** Whether the lock file has a package where Node.js resolves it from another one. @param {Packages} packages @param {string} from @param {string} name */
function isLocked(packages, from, name) {
  const outer = [from, ...[...from.matchAll(/\/?node_modules\//g)].map(({ index }) => from.slice(0, index))];
  return outer.some((folder) => `${folder ? `${folder}/` : ""}node_modules/${name}` in packages);
}

describe("the projects of tests/consumers", () => {
  test("are all in the table", () => {
    const used = new Set(["shared", ...consumers.map(({ project }) => project)]);
    assert.deepEqual(
      folders.filter((folder) => !used.has(folder)),
      [],
    );
  });

  test("are listed in docs/bundlers.md", async () => {
    const text = await readFile(page, "utf8");
    assert.equal(text, await documented(text), "`npm run test:consumers -- --write`");
  });

  for (const folder of folders) {
    test(`${folder} can be installed on every platform, from any registry`, async () => {
      const lock = await readFile(join(SOURCES, folder, "package-lock.json"), "utf8").catch(() => undefined);
      if (!lock) return;
      /** @type {{ packages: Packages }} */
      const { packages } = JSON.parse(lock);
      for (const [path, { resolved, optionalDependencies = {} }] of Object.entries(packages)) {
        assert.equal(resolved, undefined, path);
        // `npm ci` rejects a lock file without them.
        for (const name of Object.keys(optionalDependencies))
          assert.ok(isLocked(packages, path, name), `${path} needs ${name}`);
      }
    });
  }
});
