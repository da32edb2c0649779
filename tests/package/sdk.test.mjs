// @ts-check
/**
 * The official SDK: with the emulator over HTTP, because our client and our emulator could have the same defect, and in a
 * browser, where most bundlers do not define `process` for it (COMPARE.md).
 */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { BrowserUse } from "browser-use-sdk";
import { build as buildWithEsbuild } from "esbuild";
import { build as buildWithVite } from "vite";
import { root } from "../../scripts/lib/run.mjs";
import { startEmulator } from "../lib/emulator.mjs";
import { callEveryOperation } from "../site/operations.js";

test("the official SDK calls every operation of the emulator", async () => {
  const emulator = await startEmulator("--api-key", "bu_official");
  try {
    const client = new BrowserUse({ apiKey: "bu_official", baseUrl: emulator.baseUrl });
    const advance = (/** @type {number} */ ms) => emulator.ask("POST", "/advance", { ms });
    const done = await callEveryOperation(/** @type {any} */ (client), advance);
    assert.equal(done.length, 22);
    const { counts } = await emulator.ask("GET", "/requests");
    assert.equal(Object.keys(counts).length, 22);
  } finally {
    emulator.close();
  }
});

test("the official SDK throws in a browser if the bundler does not define `process.env`", async () => {
  const folder = await mkdtemp(join(root, "dist", "official-sdk-"));
  const entry = join(folder, "main.js");
  const make = 'import { BrowserUse } from "browser-use-sdk"; new BrowserUse({ apiKey: "bu_1" });';
  const run = (/** @type {string} */ code) => runInNewContext(code, { URL, fetch });
  try {
    await writeFile(entry, make);
    const { outputFiles } = await buildWithEsbuild({
      entryPoints: [entry],
      bundle: true,
      write: false,
      platform: "browser",
    });
    assert.throws(() => run(outputFiles[0]?.text ?? ""), /process is not defined/);
    const rolldownOptions = { input: entry, output: { format: /** @type {const} */ ("iife") } };
    const built = await buildWithVite({
      root: folder,
      configFile: false,
      logLevel: "silent",
      build: { write: false, rolldownOptions },
    });
    const { output } = /** @type {{ output: Array<{ code?: string }> }} */ ([built].flat()[0]);
    run(output[0]?.code ?? assert.fail("nothing was built"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
