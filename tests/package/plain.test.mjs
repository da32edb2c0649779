// @ts-check
/** `npm run build -- --plain`: the package without the optional steps of scripts/wasm/ works. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { buildCrashingClient, buildPackage, PLAIN, PLAIN_CRASHING } from "../../scripts/build.mjs";
import { report, reportFile } from "../../scripts/report.mjs";
import { failure } from "../lib/failure.mjs";

const ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
const GRACE = 50;
/** Ends a call that a crash did not reject, so that the test fails instead of waiting. */
const LIMIT = 5_000;

/** @param {string} folder @param {string} name */
const importFile = (folder, name) => import(pathToFileURL(join(folder, name)).href);

/** @param {string} name */
const compiled = async (name) => new WebAssembly.Module(await readFile(join(PLAIN, name)));

describe("the plain package", () => {
  /** @type {typeof import("browser-use-skills")} */
  let library;
  /** @type {typeof import("browser-use-skills/emulator")} */
  let emulation;
  /** Aborts the emulator's pending responses, whose timers keep the process alive. */
  const network = new AbortController();
  after(() => network.abort());
  before(async () => {
    await buildPackage({ isPlain: true });
    library = await importFile(PLAIN, "node.js");
    emulation = await importFile(PLAIN, "emulator.node.js");
  });

  /** Returns a function that connects to an emulator. `onExecute` gets the response of each execution, and may throw. */
  const begin = () => {
    const emulator = emulation.createEmulator({ generationMs: 0 });
    /** @type {Map<string, string>} */
    const stored = new Map();
    const journal = {
      get: (/** @type {string} */ key) => stored.get(key),
      set: (/** @type {string} */ key, /** @type {string} */ value) => void stored.set(key, value),
      delete: (/** @type {string} */ key) => void stored.delete(key),
    };
    /** @param {(response: Promise<Response>) => Response | Promise<Response>} [onExecute] */
    const connect = (onExecute = (response) => response) =>
      new library.BrowserUse({
        apiKey: "bu_1",
        journal,
        fetch: async (url, init) => {
          const signal = AbortSignal.any([init.signal, network.signal]);
          const response = emulator.fetch(url, { ...init, signal });
          return url.endsWith("/execute") ? onExecute(response) : response;
        },
      });
    return { connect };
  };
  /** Creates a skill. @param {InstanceType<typeof library.BrowserUse>} client */
  const clone = async (client) =>
    (await client.marketplace.clone((await client.marketplace.get("top-stories")).id)).id;

  test("has the output of wasm-bindgen: one part, with unchanged names and with panic messages", async () => {
    const first = await compiled("browser_use_skills_bg.wasm");
    const names = WebAssembly.Module.exports(first).map(({ name }) => name);
    assert.ok(names.includes("client_call") && names.includes("client_resume"), names.join());
    const modules = WebAssembly.Module.imports(first).map(({ module }) => module);
    assert.ok(modules.includes("./browser_use_skills_bg.js"), modules.join());
    for (const part of ["extra", "batch"]) {
      const later = await compiled(`browser_use_skills_${part}_bg.wasm`);
      assert.deepEqual([WebAssembly.Module.imports(later), WebAssembly.Module.exports(later)], [[], []]);
    }
    const bytes = await readFile(join(PLAIN, "browser_use_skills_bg.wasm"));
    assert.ok(bytes.includes("index out of bounds: the len is"));
  });

  test("has the files and the types of the package", async () => {
    assert.equal(await report(PLAIN), await readFile(reportFile, "utf8"));
  });

  test("creates, executes and recovers", async () => {
    const { connect } = begin();
    const client = connect();
    const skill = await client.skills.createAndWait({ goal: "Titles", agentPrompt: "Read the titles" });
    assert.equal(skill.status, "finished");
    const id = await clone(client);
    assert.equal((await client.skills.execute(id)).success, true);
    const lossy = connect(async (response) => {
      await response;
      throw new TypeError("Failed to fetch");
    });
    const { recovered, success } = await lossy.skills.execute(id, {}, { recover: { grace: GRACE } });
    assert.deepEqual([recovered, success], [true, true]);
  });

  test("resumes an execution that was aborted after it was sent", async () => {
    const { connect } = begin();
    const page = new AbortController();
    const client = connect(async (response) => {
      await response;
      page.abort();
      return response;
    });
    const id = await clone(client);
    const options = { recover: { grace: GRACE, tag: "mine" }, signal: page.signal };
    assert.equal((await failure(client.skills.execute(id, {}, options))).name, "AbortError");
    const [run, ...others] = await connect().resume();
    assert.deepEqual([run?.tag, others.length], ["mine", 0]);
    assert.equal((await run?.result)?.success, true);
    await run?.acknowledge();
    assert.deepEqual(await connect().resume(), []);
  });
});

test("after a crash, the plain package rejects all pending calls and starts again", async () => {
  await buildCrashingClient({ isPlain: true });
  /** @type {typeof import("browser-use-skills") & { panicLater(): void }} */
  const library = await importFile(PLAIN_CRASHING, "index.js");
  await library.BrowserUse.load(await readFile(join(PLAIN_CRASHING, "browser_use_skills_bg.wasm")));
  let isStalled = true;
  /** @type {() => void} */
  let sent = () => {};
  const isSent = new Promise((resolve) => {
    sent = () => resolve(undefined);
  });
  const client = new library.BrowserUse({
    apiKey: "bu_1",
    fetch: async () => {
      sent();
      return isStalled ? new Promise(() => {}) : Response.json({ success: true, result: 1 });
    },
  });
  const stalled = failure(client.skills.execute(ID, {}, { timeout: LIMIT }));
  await isSent;
  library.panicLater();
  assert.equal((await stalled).code, "internal");
  isStalled = false;
  assert.equal((await client.skills.execute(ID)).result, 1);
});
