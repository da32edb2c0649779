// @ts-check
/** Which parts of the WebAssembly a Node process loads: the third only for a batch, and each part once. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, beforeEach, describe, mock, test } from "node:test";
import { pathToFileURL } from "node:url";
import { installPackage } from "../lib/package.mjs";

const ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
const PARTS = ["", "_extra", "_batch"];

describe("the parts of the WebAssembly", () => {
  /** @type {Awaited<ReturnType<typeof installPackage>>} */
  let installed;
  /** The name of each part, by its size. @type {Map<number, string>} */
  let parts;
  /** @type {string[]} */
  const compiled = [];
  /** @type {string[]} */
  const linked = [];
  /** @type {WeakMap<WebAssembly.Module, string>} */
  const names = new WeakMap();
  const { compile, Instance } = WebAssembly;
  before(async () => {
    installed = await installPackage();
    const files = await Promise.all(PARTS.map((part) => readFile(fileOf(part))));
    parts = new Map(files.map(({ length }, index) => [length, PARTS[index] ?? ""]));
    assert.equal(parts.size, PARTS.length);
    mock.method(WebAssembly, "compile", async (/** @type {Uint8Array<ArrayBuffer>} */ bytes) => {
      const module = await compile(bytes);
      const name = parts.get(bytes.byteLength);
      // Node compiles a module of its own for `fetch`.
      if (name === undefined) return module;
      compiled.push(name);
      names.set(module, name);
      return module;
    });
    mock.method(WebAssembly, "Instance", function instantiate(/** @type {[WebAssembly.Module]} */ ...given) {
      const name = names.get(given[0]);
      if (name !== undefined) linked.push(name);
      return new Instance(...given);
    });
  });
  beforeEach(() => {
    compiled.length = 0;
    linked.length = 0;
  });
  after(async () => {
    mock.restoreAll();
    await installed?.remove();
  });
  const fileOf = (/** @type {string} */ part) =>
    join(installed.packageFolder, `browser_use_skills${part}_bg.wasm`);

  let copies = 0;
  /** Imports a copy of the package that has loaded nothing. */
  const begin = async () => {
    copies += 1;
    const entry = (/** @type {string} */ name) =>
      `${pathToFileURL(join(installed.packageFolder, name)).href}?${copies}`;
    /** @type {typeof import("browser-use-skills")} */
    const library = await import(entry("node.js"));
    /** @type {typeof import("browser-use-skills/batch")} */
    const { batch } = await import(entry("batch.js"));
    const list = { items: [], totalItems: 0, pageNumber: 1, pageSize: 100 };
    const client = new library.BrowserUse({
      apiKey: "bu_1",
      fetch: async (url) =>
        Response.json(url.includes("/executions") ? list : { id: ID, success: true, result: 1 }),
    });
    const run = async () => {
      const results = [];
      for await (const { status } of batch(client.skill(ID), [{}])) results.push(status);
      return results;
    };
    return { client, library, run };
  };

  test("a process that recovers does not load the third", async () => {
    const { client } = await begin();
    assert.equal((await client.skills.execute(ID, {}, { recover: true })).success, true);
    assert.deepEqual(
      [compiled.sort(), linked],
      [
        ["", "_extra"],
        ["", "_extra"],
      ],
    );
  });

  test("batches load and link each part once, in order", async () => {
    const { client, run } = await begin();
    assert.deepEqual(await run(), ["done"]);
    assert.equal((await client.skills.execute(ID, {}, { recover: true })).success, true);
    assert.deepEqual(await run(), ["done"]);
    assert.deepEqual([compiled.sort(), linked], [["", "_batch", "_extra"], PARTS]);
  });

  test("the third is linked after the second, also if it was loaded before", async () => {
    const { client, library, run } = await begin();
    await library.BrowserUse.loadBatch(await readFile(fileOf("_batch")));
    assert.equal((await client.skills.execute(ID)).success, true);
    assert.deepEqual(linked, [""]);
    assert.deepEqual(await run(), ["done"]);
    assert.deepEqual([compiled.sort(), linked], [["", "_batch", "_extra"], PARTS]);
  });
});
