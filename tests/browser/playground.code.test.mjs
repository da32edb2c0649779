// @ts-check
/** The code that the playground shows: every program runs or compiles exactly as it is copied. */
import assert from "node:assert/strict";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { capture, root, run } from "../../scripts/lib/run.mjs";
import { startEmulator } from "../lib/emulator.mjs";
import {
  CLOUD,
  KEY,
  loadSnippets,
  OTHER,
  otherActions,
  ownActions,
  runOf,
  skillsOfPage,
  startProxy,
  UUID,
} from "../lib/snippets.mjs";

/** @typedef {import("../lib/snippets.mjs").Action} Action */
/** @typedef {import("../lib/snippets.mjs").Connection} Connection */

describe("the code that the playground shows", () => {
  /** @type {Awaited<ReturnType<typeof loadSnippets>>["installed"]} */
  let installed;
  /** @type {Awaited<ReturnType<typeof loadSnippets>>["snippets"]} */
  let snippets;
  before(async () => {
    ({ installed, snippets } = await loadSnippets());
  });
  after(() => installed?.remove());

  /** Runs a program exactly as it is. Returns what it prints. @param {string} code @param {string[]} [options] */
  const runProgram = async (code, options = []) => {
    await writeFile(join(installed.projectFolder, "program.mjs"), code);
    const printed = await capture(process.execPath, [...options, "program.mjs"], {
      cwd: installed.projectFolder,
      env: { ...process.env, BROWSER_USE_API_KEY: KEY },
    });
    assert.notEqual(printed, null, code);
    return printed ?? "";
  };

  test("JavaScript runs in a new emulator, which lacks the skills of the page", async () => {
    const { publicId, skills } = await skillsOfPage(installed);
    let count = 0;
    for (const [name, skill] of Object.entries(skills)) {
      assert.ok(skill);
      const preparation = { origin: snippets.originOf(skill) };
      assert.ok(preparation.origin, name);
      for (const action of ownActions(skill.id)) {
        if (name === "initial" && action.is === "refine") continue; // A public skill cannot be refined.
        const printed = await runProgram(
          snippets.generators.javascript(action, { mode: "emulator" }, preparation),
        );
        if (action.is === "run" && name === "clone") assert.match(printed, /title/);
        count += 1;
      }
    }
    for (const action of otherActions(publicId)) {
      await runProgram(snippets.generators.javascript(action, { mode: "emulator" }));
      count += 1;
    }
    const seeded = installed.emulation.createEmulator({ seed: 7 });
    const client = new installed.library.BrowserUse({ apiKey: "bu_1", fetch: seeded.fetch });
    const { id } = await client.marketplace.get("top-stories");
    assert.notEqual(id, publicId);
    await runProgram(snippets.generators.javascript(runOf(id, false, {}), { mode: "emulator" }, { seed: 7 }));
    assert.equal(count + 1, 30);
  });

  test("JavaScript runs with an emulator over HTTP, a proxy and a key", async (context) => {
    const { baseUrl, close } = await startEmulator("--generation-ms", "50", "--api-key", KEY);
    const open = await startEmulator("--generation-ms", "50");
    const proxy = await startProxy(baseUrl);
    context.after(() => {
      close();
      open.close();
      proxy.close();
    });
    // Sends the requests to the cloud to the emulator.
    const redirect = `const { fetch } = globalThis;
globalThis.fetch = (url, init) => fetch(String(url).replace(${JSON.stringify(CLOUD)}, ${JSON.stringify(baseUrl)}), init);`;
    await writeFile(join(installed.projectFolder, "redirect.mjs"), redirect);
    /** @type {Connection[]} */
    const connections = [
      { mode: "server", baseUrl: open.baseUrl },
      { mode: "proxy", baseUrl: proxy.baseUrl },
      { mode: "key", baseUrl, apiKey: KEY },
      { mode: "key", baseUrl: CLOUD, apiKey: KEY },
    ];
    let count = 0;
    for (const live of connections) {
      const server = live.mode === "server" ? open.baseUrl : baseUrl;
      const client = new installed.library.BrowserUse({ apiKey: KEY, baseUrl: server });
      const { id: publicId } = await client.marketplace.get("top-stories");
      const { id } = await client.marketplace.clone(publicId);
      const session = await client.sessions.create();
      for (const action of [...ownActions(id, session.id), ...otherActions(publicId)]) {
        // The server has the skill: the code must not clone it.
        const code = snippets.generators.javascript(action, live, {
          origin: { is: "clone", of: OTHER, refinements: 0 },
        });
        assert.ok(!code.includes(OTHER) && !code.includes(KEY), code);
        await runProgram(code, ["--import", "./redirect.mjs"]);
        count += 1;
      }
      await client.sessions.stop(session.id);
    }
    assert.equal(count, 40);
  });

  test("with a key, the code has a base URL other than the cloud's", () => {
    const shown = { [CLOUD]: false, "https://example.com/api/v2": true };
    for (const [baseUrl, isShown] of Object.entries(shown)) {
      /** @type {Action} */
      const action = { is: "get", id: UUID };
      /** @type {Connection} */
      const live = { mode: "key", baseUrl, apiKey: KEY };
      for (const code of [
        snippets.generators.javascript(action, live),
        snippets.generators.rust(action, live),
      ]) {
        assert.equal(code.includes(JSON.stringify(baseUrl)), isShown, code);
        assert.ok(!code.includes(KEY));
      }
    }
  });

  test("Rust compiles, with the dependencies that it names", async () => {
    const folder = await mkdtemp(join(tmpdir(), "playground-rust-"));
    /** @type {Connection[]} */
    const connections = [
      { mode: "server", baseUrl: "http://127.0.0.1:8787/api/v2" },
      { mode: "proxy", baseUrl: "https://example.com/api" },
      { mode: "key", baseUrl: CLOUD, apiKey: KEY },
      { mode: "key", baseUrl: "https://example.com/api/v2", apiKey: KEY },
    ];
    const { publicId, skills } = await skillsOfPage(installed);
    const all = [...ownActions(UUID), ...otherActions(UUID)];
    const codes = connections.flatMap((live) => all.map((action) => snippets.generators.rust(action, live)));
    for (const skill of Object.values(skills)) {
      assert.ok(skill);
      const preparation = { origin: snippets.originOf(skill), seed: 7 };
      for (const action of ownActions(skill.id))
        codes.push(snippets.generators.rust(action, { mode: "emulator" }, preparation));
    }
    for (const action of otherActions(publicId))
      codes.push(snippets.generators.rust(action, { mode: "emulator" }));
    assert.equal(codes.length, 70);
    await mkdir(join(folder, "src"));
    // Each program in its file, as it is. One is the program itself.
    await Promise.all(codes.map((code, index) => writeFile(join(folder, "src", `m${index}.rs`), code)));
    const [first = ""] = codes;
    await writeFile(join(folder, "src", "main.rs"), first);
    const modules = codes.map((_, index) => `mod m${index};`).join("\n");
    await writeFile(join(folder, "src", "lib.rs"), `#![allow(dead_code)]\n${modules}\n`);
    await writeFile(join(folder, "Cargo.toml"), manifest(codes));
    // Reuses the locked versions and the compiled dependencies.
    await copyFile(join(root, "Cargo.lock"), join(folder, "Cargo.lock"));
    const env = {
      ...process.env,
      CARGO_TARGET_DIR: join(root, "target", "snippets"),
      RUSTFLAGS: "--deny warnings",
    };
    await run("cargo", ["check", "--quiet", "--target", "wasm32-unknown-unknown"], { cwd: folder, env });
    assert.ok(!codes.join("").includes(KEY));
    await rm(folder, { recursive: true });
  });
});

/** Returns a manifest with the dependencies that the comments of the programs name. @param {string[]} codes */
function manifest(codes) {
  const named = codes.flatMap((code) => {
    const [, lines = ""] = /^\/\/ \[dependencies\]\n((?:\/\/ .*\n)*)/m.exec(code) ?? [];
    return lines.split("\n").filter(Boolean);
  });
  const dependencies = [...new Set(named)].map((line) => line.slice(3)).join("\n");
  return `[package]
name = "shown"
version = "0.0.0"
edition = "2024"

[workspace]

[dependencies]
${dependencies}

[patch.crates-io]
browser-use-skills = { path = ${JSON.stringify(root)} }
`;
}
