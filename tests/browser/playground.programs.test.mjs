// @ts-check
/** The code that the playground shows in TypeScript, React and for cURL: every program runs exactly as it is copied. */
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { build } from "esbuild";
import { capture, root, run } from "../../scripts/lib/run.mjs";
import { serveFolder } from "../../scripts/serve.mjs";
import { launchBrowser } from "../lib/browser.mjs";
import { startEmulator } from "../lib/emulator.mjs";
import {
  CLOUD,
  KEY,
  loadSnippets,
  otherActions,
  ownActions,
  runOf,
  skillsOfPage,
  startProxy,
  UUID,
} from "../lib/snippets.mjs";

/** @typedef {import("../lib/snippets.mjs").Action} Action */
/** @typedef {import("../lib/snippets.mjs").Connection} Connection */
/** @typedef {import("../../www/src/lib/snippets.ts").Language} Language */

/** A schema whose texts must not end a comment, and whose names need quotes. */
const HARD_SCHEMA = {
  type: "object",
  description: "*/ const a: string = 1; /* @ts-expect-error",
  properties: {
    "a-b": { type: "array", items: { type: "object", properties: { id: { type: "integer" } } } },
    $kind: { enum: ["`$", 'a"b', null] },
  },
  required: ["a-b"],
};

/** The options of TypeScript's strictest projects. */
const COMPILER = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  erasableSyntaxOnly: true,
  verbatimModuleSyntax: true,
  target: "es2022",
  noEmit: true,
};

describe("the code that the playground shows", () => {
  /** @type {Awaited<ReturnType<typeof loadSnippets>>["installed"]} */
  let installed;
  /** @type {Awaited<ReturnType<typeof loadSnippets>>["snippets"]} */
  let snippets;
  /** With a key. @type {Awaited<ReturnType<typeof startEmulator>>} */
  let cloud;
  /** For every key. @type {Awaited<ReturnType<typeof startEmulator>>} */
  let open;
  /** @type {Awaited<ReturnType<typeof startProxy>>} */
  let proxy;
  before(async () => {
    ({ installed, snippets } = await loadSnippets());
    cloud = await startEmulator("--generation-ms", "50", "--api-key", KEY);
    open = await startEmulator("--generation-ms", "50");
    // The sessions of the programs stay active.
    for (const emulator of [cloud, open]) await emulator.ask("PATCH", "/settings", { maxSessions: 50 });
    proxy = await startProxy(cloud.baseUrl);
  });
  after(() => {
    cloud?.close();
    open?.close();
    proxy?.close();
    return installed?.remove();
  });

  /** Returns the programs for the emulator in the page. @param {Language} language */
  const programsOfPage = async (language) => {
    const generate = snippets.generators[language];
    const { publicId, skills } = await skillsOfPage(installed);
    /** @type {string[]} */
    const codes = [];
    for (const [name, skill] of Object.entries(skills)) {
      assert.ok(skill);
      for (const action of ownActions(skill.id)) {
        if (name === "initial" && action.is === "refine") continue; // A public skill cannot be refined.
        const { outputSchema } = skill;
        // The parameters that a created skill requires.
        const given = { url: "https://example.com/", query: "any" };
        const complete =
          action.is === "run"
            ? { ...action, parameters: { ...action.parameters, ...given }, outputSchema }
            : action;
        codes.push(generate(complete, { mode: "emulator" }, { origin: snippets.originOf(skill) }));
      }
    }
    for (const action of otherActions(publicId)) codes.push(generate(action, { mode: "emulator" }));
    return codes;
  };

  /**
   * Returns the programs for servers, and one that has a schema with special characters.
   *
   * @param {Language} language
   * @param {Connection[]} connections
   */
  const programsOf = async (language, connections) => {
    /** @type {string[]} */
    const codes = [];
    for (const live of connections) {
      const server = live.mode === "server" ? open.baseUrl : cloud.baseUrl;
      const client = new installed.library.BrowserUse({ apiKey: KEY, baseUrl: server });
      const { id: publicId } = await client.marketplace.get("top-stories");
      const { id } = await client.marketplace.clone(publicId);
      const session = await client.sessions.create();
      const hard = { ...runOf(publicId, false, {}), outputSchema: HARD_SCHEMA };
      for (const action of [...ownActions(id, session.id), ...otherActions(publicId), hard])
        codes.push(snippets.generators[language](action, live));
    }
    assert.ok(!codes.join("").includes(KEY));
    return codes;
  };

  /**
   * Writes each program to a file, and checks their types.
   *
   * @param {string[]} codes
   * @param {"mts" | "tsx"} ending
   * @param {object} options of the compiler
   */
  const check = async (codes, ending, options) => {
    const folder = join(installed.projectFolder, ending);
    await mkdir(folder);
    await Promise.all(codes.map((code, index) => writeFile(join(folder, `p${index}.${ending}`), code)));
    const config = { compilerOptions: { ...COMPILER, ...options }, include: [`*.${ending}`] };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    await run(process.execPath, [tsc, "--project", folder]);
    return folder;
  };

  /** Opens a page with a proxy at the path that the documentation uses. @param {import("node:test").TestContext} context */
  const openPage = async (context) => {
    const folder = join(installed.projectFolder, "site");
    await mkdir(folder);
    await writeFile(join(folder, "index.html"), "<!doctype html><title>Components</title>");
    const site = await serveFolder({ mounts: { "/": folder } });
    const browser = await launchBrowser();
    context.after(async () => {
      await browser.close();
      await site.close();
    });
    const page = await browser.newPage();
    page.setDefaultTimeout(20_000);
    await page.route("**/api/browser-use/**", (route) => {
      const url = route
        .request()
        .url()
        .replace(/^.*\/api\/browser-use/, proxy.baseUrl);
      return route.continue({ url });
    });
    await page.goto(site.url);
    return page;
  };

  /** Bundles the components, with a script that mounts them. @param {string} folder @param {number} count */
  const bundle = async (folder, count) => {
    const programs = Array.from({ length: count }, (_, index) => `() => import("./p${index}.tsx")`);
    await writeFile(
      join(folder, "index.js"),
      `import { createElement, Fragment, StrictMode } from "react";
import { createRoot } from "react-dom/client";
const programs = [${programs.join(", ")}];
let mounted;
globalThis.unmount = () => mounted?.unmount();
globalThis.mount = async (index, isStrict) => {
  globalThis.unmount();
  const { Program } = await programs[index]();
  mounted = createRoot(document.body);
  mounted.render(createElement(isStrict ? StrictMode : Fragment, null, createElement(Program)));
};`,
    );
    await build({
      entryPoints: [join(folder, "index.js")],
      bundle: true,
      splitting: true,
      format: "esm",
      jsx: "automatic",
      nodePaths: [join(root, "node_modules")],
      outdir: join(installed.projectFolder, "site"),
      logLevel: "error",
    });
  };

  /** Starts a call that a component makes on a click. @param {import("playwright-core").Page} page @param {string} code */
  const start = async (page, code) => {
    if (code.includes("<button")) await page.getByRole("button").click();
  };

  /** Runs commands exactly as they are, with the local emulator on another port. @param {string} code */
  const runCommands = async (code) => {
    const { host } = new URL(open.baseUrl);
    await writeFile(
      join(installed.projectFolder, ".curlrc"),
      `connect-to = "127.0.0.1:8787:${host}"\nnoproxy = "*"\n`,
    );
    await writeFile(join(installed.projectFolder, "program.sh"), code);
    const printed = await capture("bash", ["-e", "-u", "-o", "pipefail", "program.sh"], {
      cwd: installed.projectFolder,
      env: { ...process.env, CURL_HOME: installed.projectFolder, BROWSER_USE_API_KEY: KEY },
    });
    assert.notEqual(printed, null, code);
    return JSON.parse(printed?.match(/.*$/)?.[0] ?? "");
  };

  test("TypeScript has no type errors, and runs", { timeout: 240_000 }, async () => {
    const codes = await programsOfPage("typescript");
    codes.push(
      ...(await programsOf("typescript", [
        { mode: "server", baseUrl: open.baseUrl },
        { mode: "proxy", baseUrl: proxy.baseUrl },
        { mode: "key", baseUrl: cloud.baseUrl, apiKey: KEY },
        { mode: "key", baseUrl: CLOUD, apiKey: KEY },
      ])),
    );
    assert.equal(codes.length, 29 + 44);
    const folder = await check(codes, "mts", {
      module: "nodenext",
      types: ["node"],
      typeRoots: [join(root, "node_modules", "@types")],
    });
    // Removes the types, as Node.js does.
    const entryPoints = codes.map((_, index) => join(folder, `p${index}.mts`));
    await build({ entryPoints, outdir: folder, outExtension: { ".js": ".mjs" }, format: "esm" });
    await writeFile(
      join(folder, "all.mjs"),
      `const { fetch } = globalThis;
globalThis.fetch = (url, init) => fetch(String(url).replace(${JSON.stringify(CLOUD)}, ${JSON.stringify(cloud.baseUrl)}), init);
for (let index = 0; index < ${codes.length}; index += 1) {
  try {
    await import(\`./p\${index}.mjs\`);
  } catch (error) {
    console.error(index, error);
    process.exitCode = 1;
  }
}`,
    );
    const env = { ...process.env, BROWSER_USE_API_KEY: KEY };
    const printed = await capture(process.execPath, ["all.mjs"], { cwd: folder, env });
    assert.match(printed ?? "", /title/);
  });

  test("React components have no type errors, show the result in Strict Mode, and abort when removed", {
    timeout: 240_000,
  }, async (context) => {
    const page = await openPage(context);
    const codes = await programsOfPage("react");
    codes.push(
      ...(await programsOf("react", [
        { mode: "server", baseUrl: open.baseUrl },
        { mode: "proxy", baseUrl: new URL("/api/browser-use", page.url()).href },
        { mode: "key", baseUrl: cloud.baseUrl, apiKey: KEY },
        { mode: "key", baseUrl: CLOUD, apiKey: KEY },
      ])),
    );
    assert.equal(codes.length, 29 + 44);
    const types = join(root, "node_modules", "@types", "react");
    const folder = await check(codes, "tsx", {
      module: "esnext",
      moduleResolution: "bundler",
      jsx: "react-jsx",
      lib: ["es2022", "dom"],
      types: [],
      paths: { react: [types], "react/jsx-runtime": [join(types, "jsx-runtime.d.ts")] },
    });
    await bundle(folder, codes.length);
    await page.addScriptTag({ url: "/index.js", type: "module" });
    await page.waitForFunction("globalThis.mount");
    for (const [index, code] of codes.entries()) {
      await page.evaluate(`mount(${index}, true)`);
      const outcome = page.locator("pre, [role=alert]");
      await start(page, code);
      await outcome.waitFor();
      assert.equal(await page.getByRole("alert").count(), 0, `${await outcome.textContent()}\n${code}`);
    }
    await page.route("**/api/browser-use/**", () => {});
    const stalled = codes.slice(-11);
    for (const [index, code] of stalled.entries()) {
      // First, because some components make their call when they are mounted.
      const sent = page.waitForRequest("**/api/browser-use/**");
      await page.evaluate(`mount(${codes.length - stalled.length + index}, false)`);
      await start(page, code);
      const request = await sent;
      const aborted = page.waitForEvent("requestfailed", { predicate: (failed) => failed === request });
      await page.evaluate("unmount()");
      await aborted;
    }
  });

  test("cURL sends the requests", async () => {
    const codes = await programsOfPage("curl");
    codes.push(
      ...(await programsOf("curl", [
        { mode: "server", baseUrl: open.baseUrl },
        { mode: "proxy", baseUrl: proxy.baseUrl },
        { mode: "key", baseUrl: cloud.baseUrl, apiKey: KEY },
      ])),
    );
    assert.equal(codes.length, 29 + 33);
    for (const code of codes) assert.equal(typeof (await runCommands(code)), "object", code);
    // The commands for the cloud differ only in the URL.
    const [elsewhere, here] = [cloud.baseUrl, CLOUD].map((baseUrl) =>
      snippets.generators.curl(runOf(UUID, true, {}), { mode: "key", baseUrl, apiKey: KEY }),
    );
    assert.equal(elsewhere?.replace(cloud.baseUrl, CLOUD), here);
  });

  test("cURL sends texts with special characters unchanged, and executes none", async (context) => {
    /** @type {Array<{ url: string | undefined, body: any }>} */
    const received = [];
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const part of request) body += part;
      received.push({ url: request.url, body: body && JSON.parse(body) });
      response.end("{}");
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
    context.after(() => server.close());
    const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
    const texts = [
      "'",
      '"',
      "'\\''",
      "$HOME $(exit 1) $" + "{x:?}",
      "`exit 1`",
      "\\",
      "\\n",
      "a\nb\r\n\tc",
      "!!",
      "@/etc/passwd",
      "--help",
      "%41&b=c;#",
      "[1-3]{a,b}",
      "ü🙂\u2028",
      "\u0000\u0007\u001b[2J",
      "JSON\nEOF\n'",
      "~ * ?",
    ];
    for (const path of ["/api/v2", "/'$(exit 1)'`exit 1`/v2/"]) {
      /** @type {Connection} */
      const live = { mode: "key", baseUrl: new URL(`http://127.0.0.1:${port}${path}`).href, apiKey: KEY };
      for (const text of [...texts, texts.join(" ")]) {
        await runCommands(snippets.generators.curl(runOf(UUID, true, { text, [text]: [text] }), live));
        const { url, body } = received.pop() ?? { url: "", body: undefined };
        assert.ok(url?.endsWith(`/v2/skills/${UUID}/execute`), url);
        assert.deepEqual(body.parameters, { text, [text]: [text] });
        await runCommands(snippets.generators.curl({ is: "browse", params: { query: text } }, live));
        const found = new URL(`http://localhost${received.pop()?.url}`);
        assert.equal(found.searchParams.get("query"), text);
        await runCommands(snippets.generators.curl({ is: "getPublic", slug: text }, live));
        const last = received.pop()?.url?.split("/").at(-1) ?? "";
        assert.equal(decodeURIComponent(last), text);
      }
    }
  });
});
