// @ts-check
/** The code that the playground shows: JavaScript runs, and Rust compiles. */
import assert from "node:assert/strict";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { capture, root, run } from "../../scripts/lib/run.mjs";
import { startEmulator } from "../lib/emulator.mjs";
import { importPackage } from "../lib/package.mjs";

/** @typedef {typeof import("../../www/src/lib/snippets.ts")} Snippets */
/** @typedef {import("../../www/src/lib/snippets.ts").Action} Action */

/** A string with special characters. */
const HARD = 'a "b" \\ \\u0041 {c}\n\b\u0007 ü 🙂';

/** @param {string} id - A skill of the caller's project. @param {string} publicId @returns {Action[]} */
const actions = (id, publicId) => [
  { is: "browse", params: { query: HARD, category: "news", fromDate: "2026-01-01T00:00:00Z", pageSize: 3 } },
  { is: "browse", params: {} },
  { is: "getPublic", slug: "top-stories" },
  { is: "list", params: { isEnabled: true } },
  { is: "get", id },
  { is: "executions", id },
  runOf(id, true, { text: HARD, list: [1, null, true], "a key": { inner: {} } }),
  runOf(publicId, false, {}),
  { is: "refine", id, body: { feedback: HARD.repeat(2), testOutput: undefined, testLogs: HARD } },
  { is: "create", body: { title: HARD, goal: HARD, agentPrompt: HARD } },
];

/** @param {string} id @param {boolean} isOwn @param {Record<string, unknown>} parameters @returns {Action} */
function runOf(id, isOwn, parameters) {
  return { is: "run", id, isOwn, parameters, sessionId: isOwn ? id : undefined, recover: true };
}

describe("the code that the playground shows", () => {
  /** @type {Awaited<ReturnType<typeof importPackage>>} */
  let installed;
  /** @type {Snippets} */
  let snippets;
  before(async () => {
    installed = await importPackage();
    const outfile = join(installed.projectFolder, "snippets.mjs");
    await build({
      entryPoints: [join(root, "www/src/lib/snippets.ts")],
      bundle: true,
      format: "esm",
      outfile,
    });
    snippets = await import(pathToFileURL(outfile).href);
  });
  after(() => installed?.remove());

  test("JavaScript runs", async (context) => {
    const { baseUrl, close } = await startEmulator("--generation-ms", "50");
    context.after(close);
    const client = new installed.library.BrowserUse({ apiKey: "bu_1", baseUrl });
    const { id: publicId } = await client.marketplace.get("top-stories");
    const { id } = await client.marketplace.clone(publicId);
    for (const action of actions(id, publicId)) {
      const code = snippets.javaScript(action, { mode: "server", baseUrl });
      await writeFile(join(installed.projectFolder, "shown.mjs"), code);
      const printed = await capture(process.execPath, ["shown.mjs"], { cwd: installed.projectFolder });
      assert.notEqual(printed, null, code);
    }
  });

  test("with a key, the code has a base URL other than the cloud's", () => {
    const shown = { "https://api.browser-use.com/api/v2": false, "https://example.com/api/v2": true };
    for (const [baseUrl, isShown] of Object.entries(shown)) {
      /** @type {Action} */
      const action = { is: "get", id: "7a2cb619-ed95-49c9-9d32-fd9fc3c53c98" };
      /** @type {import("../../www/src/session/connection.ts").Connection} */
      const live = { mode: "key", baseUrl, apiKey: "bu_secret" };
      for (const code of [snippets.javaScript(action, live), snippets.rust(action, live)]) {
        assert.equal(code.includes(JSON.stringify(baseUrl)), isShown, code);
        assert.ok(!code.includes("bu_secret"));
      }
    }
  });

  test("Rust compiles", async () => {
    const id = "7a2cb619-ed95-49c9-9d32-fd9fc3c53c98";
    const folder = await mkdtemp(join(tmpdir(), "playground-rust-"));
    /** @type {import("../../www/src/session/connection.ts").Connection[]} */
    const connections = [
      { mode: "emulator" },
      { mode: "proxy", baseUrl: "https://example.com/api" },
      { mode: "key", baseUrl: "https://api.browser-use.com/api/v2", apiKey: "bu_secret" },
      { mode: "key", baseUrl: "https://example.com/api/v2", apiKey: "bu_secret" },
    ];
    const codes = connections.flatMap((live) => actions(id, id).map((action) => snippets.rust(action, live)));
    const modules = codes.map((code, index) => {
      const [uses = "", ...rest] = code.split("\n\n");
      const body = rest.join("\n\n");
      return `mod m${index} {\n${uses}\npub async fn shown() -> Result<(), browser_use_skills::Error> {\n${body}\nOk(())\n}\n}`;
    });
    await mkdir(join(folder, "src"));
    await writeFile(join(folder, "src", "lib.rs"), `#![allow(unused)]\n${modules.join("\n")}\n`);
    const dependencies = `browser-use-skills = { path = ${JSON.stringify(root)} }\nserde_json = "1"\nuuid = "1"`;
    const head = '[package]\nname = "shown"\nversion = "0.0.0"\nedition = "2024"\n[workspace]';
    await writeFile(join(folder, "Cargo.toml"), `${head}\n[dependencies]\n${dependencies}\n`);
    // Reuses the locked versions and the compiled dependencies.
    await copyFile(join(root, "Cargo.lock"), join(folder, "Cargo.lock"));
    const env = { ...process.env, CARGO_TARGET_DIR: join(root, "target", "snippets") };
    await run("cargo", ["check", "--quiet", "--target", "wasm32-unknown-unknown"], { cwd: folder, env });
    assert.ok(!codes.join("").includes("bu_secret"));
    await rm(folder, { recursive: true });
  });
});
