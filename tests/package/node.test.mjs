// @ts-check
/** The packed package in Node, with the emulator in the same process. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { capture } from "../../scripts/lib/run.mjs";
import { importPackage } from "../lib/package.mjs";
import { callEveryOperation } from "../site/operations.js";

const ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
const SUCCESS = JSON.stringify({ success: true, result: null });

describe("in Node", () => {
  /** @type {Awaited<ReturnType<typeof importPackage>>} */
  let installed;
  /** @type {typeof installed.library} */
  let library;
  /** @type {typeof installed.emulation} */
  let emulation;
  before(async () => {
    installed = await importPackage();
    ({ library, emulation } = installed);
  });
  after(() => installed?.remove());

  /** @param {string} code @param {string[]} flags */
  const inProject = (code, ...flags) =>
    capture(process.execPath, [...flags, "--input-type=module", "--eval", code], {
      cwd: installed.projectFolder,
    });

  test("all operations work with the emulator in the same process", async () => {
    // Longer than a slow machine takes for the next request.
    const emulator = emulation.createEmulator({ generationMs: 60_000 });
    const client = new library.BrowserUse({ apiKey: "bu_node", fetch: emulator.fetch });
    assert.equal((await callEveryOperation(client, emulator.advance)).length, 22);
    const { counts } = await emulator.requests();
    assert.equal(Object.keys(counts).length, 22);
  });

  test("emulated ids are the same for the same seed", async () => {
    const ids = await Promise.all(
      [1, 1, 2].map(async (seed) => {
        const client = new library.BrowserUse({
          apiKey: "bu_1",
          fetch: emulation.createEmulator({ seed }).fetch,
        });
        return (await client.skills.create({ goal: "", agentPrompt: "Open example.com" })).id;
      }),
    );
    assert.equal(ids[0], ids[1]);
    assert.notEqual(ids[0], ids[2]);
  });

  test("import and require have no side effects", async () => {
    const imports = `
      globalThis.fetch = () => { throw new Error("fetched"); };
      delete WebAssembly.compile;
      const { BrowserUse } = await import("browser-use-skills");
      new BrowserUse({ apiKey: "bu_1" });
      console.log(typeof BrowserUse);`;
    assert.equal(await inProject(imports), "function");
    const requires = `
      import { createRequire } from "node:module";
      const { BrowserUse } = createRequire(import.meta.url)("browser-use-skills");
      console.log(typeof BrowserUse.load);`;
    assert.equal(await inProject(requires, "--no-warnings"), "function");
  });

  test("the WebAssembly can be loaded from bytes, a module, a response or a URL", async () => {
    const file = join(installed.packageFolder, "browser_use_skills_bg.wasm");
    const sources = [
      "await readFile(file)",
      "await WebAssembly.compile(await readFile(file))",
      // A module of another realm, as in edge routes of Next.js.
      '(await import("node:vm")).runInNewContext("new WebAssembly.Module(file)", { file: await readFile(file) })',
      'new Response(await readFile(file), { headers: { "content-type": "application/wasm" } })',
      '"data:application/wasm;base64," + (await readFile(file)).toString("base64")',
    ];
    for (const source of sources) {
      const code = `
        import { readFile } from "node:fs/promises";
        import { BrowserUse } from "browser-use-skills";
        const file = ${JSON.stringify(file)};
        await BrowserUse.load(${source});
        const fetch = async () => new Response('${SUCCESS}');
        console.log((await new BrowserUse({ apiKey: "bu_1", fetch }).skills.execute("${ID}")).success);`;
      assert.equal(await inProject(code), "true", source);
    }
  });

  test("a file that is not WebAssembly causes a LoadError, and the next call retries", async () => {
    const code = `
      import { BrowserUse } from "browser-use-skills";
      const failed = await BrowserUse.load(new Uint8Array([1, 2, 3])).catch((error) => error);
      await BrowserUse.load();
      console.log(failed.name, failed.code);`;
    assert.equal(await inProject(code), "LoadError load");
  });

  test("an error has the stack of the call, and does not contain the key", async () => {
    const client = new library.BrowserUse({
      apiKey: "bu_canary",
      fetch: async () => new Response("{}", { status: 404 }),
    });
    const error = await client.skills.get(ID).catch((/** @type {unknown} */ error) => error);
    assert.ok(error instanceof library.SkillNotFoundError);
    assert.match(
      error.stack ?? "",
      /^SkillNotFoundError: .*\n( +at process\.process.*\n)? +at .*node\.test\.mjs/,
    );
    for (const shown of [
      inspect(client, { depth: 9 }),
      JSON.stringify(client),
      inspect(error),
      JSON.stringify(error),
    ]) {
      assert.ok(!shown.includes("bu_canary"), shown);
    }
    assert.equal(JSON.parse(JSON.stringify(error)).code, "skill_not_found");
  });

  test("isBrowserUseError recognizes errors of another copy of the package", async () => {
    const copy = await import(`${pathToFileURL(join(installed.packageFolder, "node.js")).href}?copy`);
    const error = await new copy.BrowserUse().skills
      .get("no uuid")
      .catch((/** @type {unknown} */ error) => error);
    assert.ok(!(error instanceof library.BrowserUseError));
    assert.ok(library.isBrowserUseError(error) && library.isBrowserUseError(error, "invalid_request"));
    assert.ok(!library.isBrowserUseError(error, "network"));
    for (const other of [undefined, null, 7, "x", new Error("x"), {}])
      assert.ok(!library.isBrowserUseError(other));
  });

  test("no request is sent without a key, and a slug is encoded as one path segment", async () => {
    /** @type {string[]} */
    const urls = [];
    const client = new library.BrowserUse({
      fetch: async (url) => {
        urls.push(url);
        return new Response("{}", { status: 404 });
      },
    });
    /** @param {Promise<unknown>} call */
    const codeOf = (call) =>
      call.then(
        () => "none",
        (error) => error.code,
      );
    assert.equal(await codeOf(client.skills.list()), "authentication");
    assert.equal(await codeOf(client.skills.execute("../billing/account?x=")), "invalid_request");
    assert.equal(await codeOf(client.marketplace.get("..")), "invalid_request");
    assert.equal(await codeOf(client.marketplace.get("../x?y")), "skill_not_found");
    assert.deepEqual(urls, ["https://api.browser-use.com/api/v2/marketplace/skills/..%2Fx%3Fy"]);
  });

  test("a key function is called for every attempt", async () => {
    let urls = 0;
    /** @type {Array<string | undefined>} */
    const sent = [];
    const client = new library.BrowserUse({
      apiKey: async () => `bu_${++urls}`,
      fetch: async (_, { headers }) => {
        sent.push(headers["X-Browser-Use-API-Key"]);
        const isLast = sent.length === 2;
        return isLast
          ? new Response(SUCCESS)
          : new Response("{}", { status: 429, headers: { "retry-after": "0" } });
      },
    });
    await client.skills.execute(ID);
    assert.deepEqual(sent, ["bu_1", "bu_2"]);
  });

  test("withResponse returns status, headers and attempts", async () => {
    let sent = 0;
    const client = new library.BrowserUse({
      apiKey: "bu_1",
      fetch: async () =>
        ++sent === 1
          ? new Response("{}", { status: 429, headers: { "retry-after": "0" } })
          : new Response(SUCCESS, { headers: { "X-Trace": "7" } }),
    });
    const { data, ...way } = await client.skills.execute(ID).withResponse();
    assert.deepEqual(data, { success: true, result: null });
    assert.deepEqual(
      { ...way, headers: way.headers["x-trace"] },
      { callId: 1, status: 200, headers: "7", attempts: 2, totalDelay: 0 },
    );
    const error = await client.skills
      .get("x")
      .withResponse()
      .catch((/** @type {unknown} */ error) => error);
    assert.ok(library.isBrowserUseError(error, "invalid_request"));
  });

  test("fields that the contract does not declare are sent by extraBody and kept in responses", async () => {
    /** @type {Array<[string, string | undefined]>} */
    const sent = [];
    const client = new library.BrowserUse({
      apiKey: "bu_1",
      fetch: async (url, { body }) => {
        sent.push([new URL(url).search, body]);
        return new Response(
          JSON.stringify({ success: true, tokens: 7, items: [], totalItems: 0, pageNumber: 1, pageSize: 1 }),
        );
      },
    });
    const execution = await client.skills.execute(
      ID,
      { parameters: { a: 1 } },
      { extraBody: { region: "eu" } },
    );
    assert.equal(Reflect.get(execution, "tokens"), 7);
    await client.skills.list({ isPublic: false }, { extraBody: { sort: "title", limit: 3 } });
    assert.deepEqual(sent, [
      ["", '{"parameters":{"a":1},"region":"eu"}'],
      ["?isPublic=false&sort=title&limit=3", undefined],
    ]);
  });
});
