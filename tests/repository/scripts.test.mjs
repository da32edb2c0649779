// @ts-check
/** The commands in a clone without installed packages. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { capture, root } from "../../scripts/lib/run.mjs";

const run = promisify(execFile);

/** Without `npm run emulator -- --help`, which the built package prints. */
const COMMANDS = [
  "scripts/build.mjs",
  "scripts/mutants.mjs",
  "scripts/report.mjs",
  "scripts/setup.mjs",
  "scripts/site.mjs",
  "scripts/start.mjs",
  "scripts/test.mjs",
  "scripts/wasm/measure.mjs",
  "benches/run.mjs",
];

describe("in a clone without installed packages", () => {
  /** @type {string} */
  let clone;
  before(async () => {
    clone = await mkdtemp(join(tmpdir(), "clone-"));
    const files = await capture("git", ["ls-files", "--cached", "--others", "--exclude-standard"]);
    for (const file of (files ?? "")
      .split("\n")
      .filter((name) => /^(scripts|benches|tests\/lib)\//.test(name))) {
      await mkdir(join(clone, dirname(file)), { recursive: true });
      await cp(join(root, file), join(clone, file));
    }
  });
  after(() => rm(clone, { recursive: true, force: true }));

  for (const command of COMMANDS) {
    test(`${command} --help works: npm packages are imported only after the setup`, async () => {
      const { stdout } = await run(process.execPath, [command, "--help"], { cwd: clone });
      assert.match(stdout, /^Usage: /);
    });
  }
});
