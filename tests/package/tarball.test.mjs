// @ts-check
/** The content of the tarball, and the results of package linters. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { root } from "../../scripts/lib/run.mjs";
import { toolEnvironment } from "../../scripts/lib/tools.mjs";
import { report, reportFile } from "../../scripts/report.mjs";
import { installPackage } from "../lib/package.mjs";

const judge = promisify(execFile);
const env = toolEnvironment();

describe("the tarball", () => {
  /** @type {Awaited<ReturnType<typeof installPackage>>} */
  let installed;
  /** @type {string[]} */
  let files;
  before(async () => {
    installed = await installPackage();
    const entries = await readdir(installed.packageFolder, { recursive: true, withFileTypes: true });
    files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  });
  after(() => installed?.remove());

  test("has the public API of npm/report.md", async () => {
    const message = "the files or the types have changed: run `npm run report` and review the diff";
    assert.equal(await report(installed.packageFolder), await readFile(reportFile, "utf8"), message);
  });

  test("has no dependencies and no install scripts", async () => {
    const manifest = JSON.parse(await readFile(join(installed.packageFolder, "package.json"), "utf8"));
    for (const key of [
      "scripts",
      "dependencies",
      "peerDependencies",
      "optionalDependencies",
      "bundleDependencies",
    ])
      assert.equal(manifest[key], undefined, key);
    assert.match(manifest.repository.url, /^git\+https:/);
  });

  test("contains no path of the build machine, and all sources of its source maps", async () => {
    for (const file of files) {
      const bytes = await readFile(file);
      for (const folder of [root, homedir()])
        assert.ok(!bytes.includes(`${folder}/`), `${folder} in ${file}`);
      if (!file.endsWith(".map")) continue;
      const { sources, sourcesContent } = JSON.parse(bytes.toString());
      const absent = sources.filter(
        (/** @type {string} */ source, /** @type {number} */ index) =>
          !sourcesContent?.[index] && !files.includes(join(dirname(file), source)),
      );
      assert.deepEqual(absent, [], file);
    }
  });

  test("keeps the emulator separate from the client", async () => {
    const client = await readFile(join(installed.packageFolder, "browser_use_skills_bg.wasm"));
    const emulator = await readFile(join(installed.packageFolder, "browser_use_skills_emulator_bg.wasm"));
    assert.ok(!client.includes("__emulator") && emulator.includes("__emulator"));
  });

  test("passes publint", async () => {
    const { stdout } = await judge("publint", ["run", installed.tarball, "--strict"], { env });
    assert.match(stdout, /All good!/);
  });

  test("has the right types for every kind of import", async () => {
    // `require` gets an ES module, which every Node version of `engines` supports.
    const rules = ["--no-definitely-typed", "--ignore-rules", "cjs-resolves-to-esm"];
    await judge("attw", [installed.tarball, ...rules], { env }).catch(({ stdout }) => assert.fail(stdout));
  });
});
