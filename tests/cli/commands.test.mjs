// @ts-check
/** `npx browser-use-skills`, packed and installed. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root } from "../../scripts/lib/run.mjs";
import { serveFolder } from "../../scripts/serve.mjs";
import { launchBrowser } from "../lib/browser.mjs";
import { importPackage } from "../lib/package.mjs";
import { listen } from "../lib/runtimes.mjs";

const KEY = "bu_canary_of_the_command_line";
const DATE = "2026-11-21T10:00:00Z";

/** @type {Awaited<ReturnType<typeof importPackage>>} */
let installed;
/** @type {string} */
let program;
before(async () => {
  installed = await importPackage();
  program = join(installed.projectFolder, "node_modules", ".bin", "browser-use-skills");
});
after(() => installed?.remove());

/**
 * @param {string[]} args
 * @param {Record<string, string>} [environment]
 * @returns {Promise<{ code: number | null, out: string, errors: string }>}
 */
async function run(args, environment = { BROWSER_USE_API_KEY: KEY }) {
  const { BROWSER_USE_API_KEY: _, ...inherited } = process.env;
  const child = spawn(program, args, { env: { ...inherited, ...environment }, cwd: installed.projectFolder });
  let out = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (part) => {
    out += part;
  });
  child.stderr.setEncoding("utf8").on("data", (part) => {
    errors += part;
  });
  /** @type {number | null} */
  const code = await new Promise((resolve) => child.on("close", resolve));
  assert.ok(!`${out}${errors}`.includes(KEY), "the output contains the key");
  return { code, out, errors };
}

describe("the command line", () => {
  test("prints its help and its version", async () => {
    for (const args of [["--help"], ["copy", "--help"], ["emulator", "--help"], ["types", "-h"]]) {
      const { code, out } = await run(args);
      assert.equal(code, 0);
      assert.match(out, /^Usage: browser-use-skills/);
    }
    const { version } = JSON.parse(await readFile(join(installed.packageFolder, "package.json"), "utf8"));
    assert.equal((await run(["--version"])).out.trim(), version);
    assert.equal((await run([])).code, 2);
  });

  test("reports usage errors and exits with 2", async () => {
    /** @type {Array<[string[], RegExp]>} */
    const wrong = [
      [["constructor"], /no command "constructor"/],
      [["emulator", "--prot", "1"], /--prot/],
      [["emulator", "extra"], /extra/],
      [["emulator", "--port", "many"], /--port/],
      [["emulator", "--port", "65536"], /--port/],
      [["emulator", "--seed", "-1"], /--seed/],
      [["emulator", "--max-sessions", "many"], /--max-sessions must be a whole number/],
      [["emulator", "--credits", "1e9"], /--credits must be an amount in US dollars/],
      [["emulator", "--fault", "{"], /--fault/],
      [["emulator", "--fault", '{"kind":"explode"}'], /unknown variant/],
      [["copy"], /folder/],
      [["types", "--output", "x"], /--output/],
    ];
    for (const [args, message] of wrong) {
      const { code, out, errors } = await run(args);
      assert.deepEqual([code, out], [2, ""], args.join(" "));
      assert.match(errors, message);
    }
    const keyless = await run(["types"], {});
    assert.equal(keyless.code, 2);
    assert.match(keyless.errors, /BROWSER_USE_API_KEY/);
  });

  test("exits with 1 on failures", async () => {
    const taken = await listen((_, outgoing) =>
      outgoing.writeHead(401).end('{"detail":"Not authenticated"}'),
    );
    try {
      const port = await run(["emulator", "--port", String(taken.port)]);
      assert.equal(port.code, 1);
      assert.match(port.errors, /EADDRINUSE/);
      const key = await run(["types", "--base-url", `http://127.0.0.1:${taken.port}`]);
      assert.equal(key.code, 1);
      assert.match(key.errors, /Not authenticated/);
      assert.ok(!key.errors.includes(" at "), "the output contains a stack trace");
    } finally {
      await taken.close();
    }
  });
});

describe("the copy command, for pages without a bundler", () => {
  test("copies every file that the scripts import, and overwrites an earlier version", async () => {
    const folder = join(installed.projectFolder, "vendor", "browser-use-skills");
    const names = [
      "LICENSE-APACHE",
      "LICENSE-MIT",
      "browser_use_skills_bg.wasm",
      "browser_use_skills_extra_bg.wasm",
      "embedded.js",
      "extra.embedded.js",
      "index.js",
      "journal.js",
    ];
    const emulator = ["browser_use_skills_emulator_bg.wasm", "emulator.embedded.js", "emulator.js"];
    for (const [options, expected] of /** @type {const} */ ([
      [[], names],
      [["--emulator"], [...names, ...emulator].sort()],
    ])) {
      const { code, out, errors } = await run(["copy", folder, ...options]);
      assert.deepEqual([code, errors], [0, ""]);
      const files = (await readdir(folder)).sort();
      assert.deepEqual(files, expected);
      for (const name of files) {
        assert.ok(out.includes(name));
        const content = await readFile(join(folder, name), "utf8");
        for (const [, file = ""] of content.matchAll(
          /(?:import|from|URL\(|sourceMappingURL=)\s*\(?"?\.\/([\w.]+)/g,
        ))
          assert.ok(files.includes(file), `${name} imports ${file}`);
        await writeFile(join(folder, name), "of an earlier version");
      }
    }
    const { out } = await run(["copy", folder]);
    assert.match(out, /index\.js/);
    assert.ok((await stat(join(folder, "browser_use_skills_bg.wasm"))).size > 10_000);
  });

  test("names a folder that cannot be written", async () => {
    const { code, out, errors } = await run([
      "copy",
      join(installed.projectFolder, "package.json", "vendor"),
    ]);
    assert.deepEqual([code, out], [1, ""]);
    assert.match(errors, /^Cannot copy to .*vendor: ENOTDIR/);
    assert.ok(!errors.includes(" at "), "the output contains a stack trace");
  });

  test("copies files that run in Chromium", async () => {
    const folder = join(installed.projectFolder, "site");
    await run(["copy", join(folder, "lib"), "--emulator"]);
    const page = `<script type="module">
      import { BrowserUse } from "./lib/index.js";
      import { storageJournal } from "./lib/journal.js";
      import { createEmulator } from "./lib/emulator.js";
      const journal = storageJournal(localStorage);
      const client = new BrowserUse({ apiKey: "bu_1", fetch: createEmulator().fetch, journal });
      const { items } = await client.marketplace.list({ query: "stories" });
      const { id } = await client.marketplace.clone(items[0].id);
      const stories = await client.skill(id).run({ limit: 2 }, { recover: true });
      document.title = stories.length + " stories";
    </script>`;
    await writeFile(join(folder, "index.html"), page);
    const policy = "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; connect-src 'self'";
    const [server, browser] = await Promise.all([
      serveFolder({ mounts: { "/": folder }, headers: { "Content-Security-Policy": policy } }),
      launchBrowser(),
    ]);
    try {
      const tab = await browser.newPage();
      /** @type {string[]} */
      const failed = [];
      tab.on("response", (response) => void (response.ok() || failed.push(response.url())));
      tab.on("pageerror", (error) => failed.push(error.message));
      await tab.goto(server.url);
      await tab.waitForFunction(() => document.title !== "");
      assert.equal(await tab.title(), "2 stories");
      assert.deepEqual(
        failed.filter((url) => !url.endsWith("favicon.ico")),
        [],
      );
    } finally {
      await browser.close();
      await server.close();
    }
  });
});

/** Unusual and hostile skills that a server may return. */
const SKILLS = [
  {
    id: "3c90c3cc-0d44-4b50-8888-8dd25736052a",
    slug: "top-stories",
    title: "Top stories",
    parameters: [
      { name: "limit", type: "number", required: true, default: 10, description: "How many." },
      { name: "query", type: "string" },
      { name: "session id", type: "cookie", required: false },
      { name: "later", type: "a type of next year", required: false },
    ],
    outputSchema: {
      type: "array",
      title: "Stories",
      items: {
        type: "object",
        properties: { title: { type: "string" }, default: { type: ["integer", "null"] } },
        required: ["title"],
      },
    },
  },
  {
    id: "4c90c3cc-0d44-4b50-8888-8dd25736052a",
    title: "Top stories",
    parameters: [],
    outputSchema: {
      type: "object",
      properties: {
        success: { type: "boolean" },
        data: { $ref: "#/$defs/Story" },
        error: { type: ["string", "null"] },
      },
      required: ["success", "data"],
      $defs: {
        Story: {
          type: "object",
          title: "Skill",
          properties: { replies: { type: "array", items: { $ref: "#/$defs/Story" } } },
          required: ["replies"],
        },
      },
    },
  },
  {
    id: "5c90c3cc-0d44-4b50-8888-8dd25736052a",
    title: "7 */ export const evil = 1; /*",
    parameters: [{ name: 'a": never; "b', type: "array", description: "*/ evil" }],
    outputSchema: {
      type: "object",
      properties: {
        passwd: { $ref: "file:///etc/passwd" },
        far: { $ref: "http://127.0.0.1:1/schema.json" },
        evil: { type: "string", tsType: "typeof process", description: "*/ evil" },
        kind: { enum: ["a", 'b"'] },
      },
    },
  },
  {
    id: "6c90c3cc-0d44-4b50-8888-8dd25736052a",
    title: "読めない",
    parameters: [],
    outputSchema: { $ref: "#/nowhere" },
  },
  {
    id: "7c90c3cc-0d44-4b50-8888-8dd25736052a",
    title: "Comment thread",
    parameters: [{ name: "id", type: "number" }],
    outputSchema: {
      type: "object",
      properties: {
        author: { type: "string", nullable: true },
        place: { type: "array", prefixItems: [{ type: "string" }, { type: "number" }], items: false },
        range: { prefixItems: [{ type: "number" }, { type: "number" }], minItems: 1 },
        votes: { type: "object", additionalProperties: { type: "integer" } },
        replies: { type: "array", items: { $ref: "#" } },
        first: { oneOf: [{ $ref: "#" }, { type: "null" }] },
        length: { type: "array", minItems: "1 */ export const x = 1; /*", prefixItems: [{ const: 1 }] },
        other: { not: { type: "string" } },
      },
      required: ["author", "place", "replies"],
    },
  },
].map((skill) => ({
  ...{ slug: null, description: "", categories: [], domains: [], status: "finished", currentVersion: 1 },
  ...{ isEnabled: true, isPublic: false, createdAt: DATE, updatedAt: DATE, ...skill },
}));

describe("the types command", () => {
  const unfinished = { ...SKILLS[0], id: "9c90c3cc-0d44-4b50-8888-8dd25736052a", currentVersion: null };
  const all = [...SKILLS, unfinished];
  /** @type {string} */
  let baseUrl;
  /** @type {Awaited<ReturnType<typeof listen>>} */
  let server;
  before(async () => {
    server = await listen(({ url = "" }, outgoing) => {
      const id = url.match(/^\/skills\/([^/]+)$/)?.[1];
      const page = { items: all, totalItems: all.length, pageNumber: 1, pageSize: 100 };
      const found = id === undefined ? page : all.find((skill) => skill.id === id);
      outgoing.writeHead(found ? 200 : 404, { "content-type": "application/json" });
      outgoing.end(JSON.stringify(found ?? { detail: "Skill not found" }));
    });
    baseUrl = `http://127.0.0.1:${server.port}`;
  });
  after(() => server?.close());

  test("writes the types that tests/types compiles", async () => {
    const { code, out } = await run(["types", "--base-url", baseUrl]);
    assert.equal(code, 0);
    assert.equal(out, await readFile(join(root, "tests/types/skills.d.ts"), "utf8"));
  });

  test("prints a line to stderr for each part of a schema that the types do not express", async () => {
    const { errors } = await run(["types", "--base-url", baseUrl]);
    const lines = errors.trim().split("\n");
    const expected = [
      'Top stories (3c90…): parameters.later: there is no type "a type of next year"',
      '7 */ export const evil = 1; /* (5c90…): outputSchema.properties.passwd.$ref: "file:///etc/passwd" is outside the schema: not fetched',
      '7 */ export const evil = 1; /* (5c90…): outputSchema.properties.far.$ref: "http://127.0.0.1:1/schema.json" is outside the schema: not fetched',
      '読めない (6c90…): outputSchema.$ref: there is no "#/nowhere" in the schema',
      "Comment thread (7c90…): outputSchema.properties.length.minItems: its value has the wrong type and is ignored",
      "Comment thread (7c90…): outputSchema.properties.other.not: it has no type and is ignored",
    ];
    assert.deepEqual(
      lines.map((line) => line.replace(/c3cc-[0-9a-f-]+(?=\))/, "…")),
      expected,
    );
  });

  test("writes the types of the given skills, by id or slug", async () => {
    const file = join(installed.projectFolder, "a", "new", "folder", "skills.d.ts");
    const names = ["top-stories", SKILLS[3]?.id ?? ""];
    const { code, out } = await run(["types", ...names, "--out", file, "--base-url", baseUrl]);
    assert.deepEqual([code, out], [0, ""]);
    const text = await readFile(file, "utf8");
    const known = [...text.matchAll(/^ {4}"(.+)": /gm)].map(([, id]) => id);
    assert.deepEqual(known, [SKILLS[0]?.id, SKILLS[3]?.id]);
  });

  test("names a file that cannot be written", async () => {
    const file = join(installed.projectFolder, "package.json", "skills.d.ts");
    const { code, errors } = await run(["types", SKILLS[4]?.id ?? "", "--out", file, "--base-url", baseUrl]);
    assert.equal(code, 1);
    assert.ok(errors.includes(`Cannot write ${file}: `), errors);
  });

  test("fails without skills, or for a skill that is not finished", async () => {
    for (const [name, message] of [
      ["nothing", /no skill with the slug "nothing"/],
      ["8c90c3cc-0d44-4b50-8888-8dd25736052a", /Skill not found/],
      [unfinished.id, /not finished/],
    ]) {
      const { code, out, errors } = await run(["types", String(name), "--base-url", baseUrl]);
      assert.deepEqual([code, out], [1, ""]);
      assert.match(errors, /** @type {RegExp} */ (message));
    }
  });
});
