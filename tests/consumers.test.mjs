// @ts-check
/** The packed package in the hands of bundlers, runtimes and frameworks: each runs one story against the emulator. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { serveFolder } from "../scripts/serve.mjs";
import { launchBrowser } from "./lib/browser.mjs";
import { bunProgram, clean, consumersFolder, inFolder, installConsumers, serveIn } from "./lib/consumers.mjs";
import { startEmulator } from "./lib/emulator.mjs";

/** What the emulator sees of consumers/story.js. */
const STORY = { "marketplace.clone": 1, "marketplace.list": 1, "skills.execute": 1, "skills.get": 1 };

/** How the story ends. */
const REFUSED = "skill_not_found";

/** How it ends where the emulator over HTTP sees nothing of it. */
const IN_PROCESS = "the story was told in the process";

/** @typedef {{ url: string, close(): Promise<void> }} Site */
/** @typedef {(folder: string) => Promise<Site>} Serve */
/** @typedef {(folder: string) => Promise<string>} Tell runs the story; what it ends with */
/** @typedef {{ folder: string, development?: Tell, production?: Tell }} Consumer */

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator;
/** @type {import("playwright-core").Browser} */
let browser;

/** The story in a page. @param {Serve} serve @param {string} [query] @returns {Tell} */
function inPage(serve, query) {
  return async (folder) => {
    const site = await serve(folder);
    const page = await browser.newPage();
    /** @type {string[]} */
    const seen = [];
    page.on("pageerror", ({ message }) => seen.push(message));
    page.on("console", (message) => seen.push(message.text()));
    try {
      await page.goto(withEmulator(site.url, query));
      const told = await page.waitForFunction(() => Reflect.get(globalThis, "told"));
      return await told.jsonValue();
    } catch (error) {
      throw new Error([error, ...seen].join("\n"));
    } finally {
      await page.close();
      await site.close();
    }
  };
}

/** The story in a server, which answers with its end. @param {Serve} serve @param {string} [path] @returns {Tell} */
function inServer(serve, path = "") {
  return async (folder) => {
    const site = await serve(folder);
    try {
      return await (await fetch(withEmulator(new URL(path, site.url).href))).text();
    } finally {
      await site.close();
    }
  };
}

/** The story in a program, which prints its end. @param {string[]} command @returns {Tell} */
function inProgram(...command) {
  return (folder) => inFolder(folder, ...command, emulator.baseUrl);
}

/** @param {string} address @param {string} [query] */
function withEmulator(address, query) {
  const parameters = new URLSearchParams(query);
  parameters.set("emulator", emulator.baseUrl);
  return `${address}?${parameters}`;
}

/** A server that a command starts, perhaps after another one. @param {string[][]} commands @returns {Serve} */
function server(...commands) {
  return async (folder) => {
    for (const command of commands.slice(0, -1)) await inFolder(folder, ...command);
    return serveIn(folder, ...(commands.at(-1) ?? []));
  };
}

/** A part of a consumer's folder as files, perhaps made by a command. @param {string} part @param {string[]} [command] @returns {Serve} */
function files(part, command) {
  return async (folder) => {
    if (command) await inFolder(folder, ...command);
    return serveFolder({ mounts: { "/": join(consumersFolder, folder, part) } });
  };
}

/** The files of all consumers, as they are. @type {Serve} */
async function everything(folder) {
  const site = await serveFolder({ mounts: { "/": consumersFolder } });
  return { ...site, url: `${site.url}${folder}/` };
}

const address = ["--port", "0", "--host", "127.0.0.1"];
const viteDev = server(["vite", ...address]);
const viteBuild = files("out/site", ["vite", "build"]);
const kitBuild = server(["vite", "build"], ["vite", "preview", ...address]);
const nextAddress = ["--port", "0", "--hostname", "127.0.0.1"];
const nextDev = server(["next", "dev", ...nextAddress]);
const nextBuild = server(["next", "build"], ["next", "start", ...nextAddress]);
const wranglerAddress = ["--port", "0", "--ip", "127.0.0.1", "--inspector-port", "0"];
const wranglerBuild = ["wrangler", "deploy", "--dry-run", "--outdir", "out"];
const parcel = ["--dist-dir", "out/site", "--cache-dir", "out/cache"];
const esbuild = ["--bundle", "--format=esm", "--outfile=out/main.js"];
const deno = ["run", "--no-lock", "--node-modules-dir=manual", "--allow-net", "--allow-read"];

/** A page that a bundler makes in one of two modes. @param {string} folder @param {string[]} command @param {string[]} development @param {string[]} production @returns {Consumer} */
function bundled(folder, command, development, production) {
  return {
    folder,
    development: inPage(files("", [...command, ...development])),
    production: inPage(files("", [...command, ...production])),
  };
}

/** @param {string} kind @returns {Consumer} */
function worker(kind) {
  const query = `worker=${kind}`;
  return {
    folder: "workers",
    development: inPage(viteDev, query),
    production: inPage(viteBuild, query),
  };
}

/** @param {string} program what the compiler makes @param {string[]} options @returns {Consumer} */
function typescript(program, ...options) {
  return {
    folder: "typescript",
    production: async (folder) => {
      await inFolder(folder, "tsc", ...options);
      return inProgram("node", `out/typescript/${program}`)(folder);
    },
  };
}

/** The test in the folder holds how the story ends: the exit code tells. @type {Tell} */
async function jest(folder) {
  await inFolder(folder, "jest", "--globals", JSON.stringify({ baseUrl: emulator.baseUrl }));
  return REFUSED;
}

/** The same, and the emulator is in the process. @type {Tell} */
async function vitest(folder) {
  await inFolder(folder, "vitest", "run");
  return IN_PROCESS;
}

/** @type {Record<string, Consumer>} */
const consumers = {
  "no bundler, import map": { folder: "no-bundler", production: inPage(everything) },
  "Vite 8": { folder: "vite", development: inPage(viteDev), production: inPage(viteBuild) },
  "Vite 8, ./wasm?url": { folder: "vite-wasm", development: inPage(viteDev), production: inPage(viteBuild) },
  "webpack 5": bundled("webpack", ["webpack", "--mode"], ["development"], ["production"]),
  "Parcel 2": {
    folder: "parcel",
    development: inPage(server(["parcel", "serve", "index.html", ...parcel])),
    production: inPage(files("out/site", ["parcel", "build", "index.html", ...parcel])),
  },
  "Rollup 4, ./inline": { folder: "rollup", production: inPage(files("", ["rollup", "--config"])) },
  "esbuild, ./inline": bundled("esbuild", ["esbuild", "main.js", ...esbuild], ["--sourcemap"], ["--minify"]),
  "esbuild, ./wasm": bundled(
    "esbuild",
    ["esbuild", "file.js", ...esbuild, "--loader:.wasm=file"],
    ["--sourcemap"],
    ["--minify"],
  ),
  "dedicated worker, Vite 8": worker("dedicated"),
  "shared worker, Vite 8": worker("shared"),
  "service worker, Vite 8": worker("service"),
  "Node, import": { folder: "node", production: inProgram("node", "main.js") },
  "Node, require": { folder: "node", production: inProgram("node", "main.cjs") },
  "TypeScript 5.9, bundler": typescript("main.js", "--module", "esnext", "--moduleResolution", "bundler"),
  "TypeScript 5.9, node16": typescript("main.js", "--module", "node16"),
  "TypeScript 5.9, node10": typescript("main.js", "--module", "esnext", "--moduleResolution", "node10"),
  // Not node16: it knows no `require` of an ES module.
  "TypeScript 5.9, nodenext, CommonJS": typescript("main.cjs", "--project", "tsconfig.cjs.json"),
  "Bun 1": {
    folder: "bun",
    production: async (folder) => inProgram(await bunProgram(), "main.js")(folder),
  },
  "Deno 2": { folder: "deno", production: inProgram("deno", ...deno, "main.js") },
  "Cloudflare workerd": {
    folder: "workerd",
    development: inServer(server(["wrangler", "dev", ...wranglerAddress])),
    production: inServer(
      server(wranglerBuild, ["wrangler", "dev", "out/worker.js", "--no-bundle", ...wranglerAddress]),
    ),
  },
  "Next.js 16, client component": {
    folder: "next",
    development: inPage(nextDev),
    production: inPage(nextBuild),
  },
  "Next.js 16, route": {
    folder: "next",
    development: inServer(nextDev, "api"),
    production: inServer(nextBuild, "api"),
  },
  "SvelteKit 2, page": {
    folder: "sveltekit",
    development: inPage(viteDev),
    production: inPage(kitBuild),
  },
  "SvelteKit 2, route": {
    folder: "sveltekit",
    development: inServer(viteDev, "api"),
    production: inServer(kitBuild, "api"),
  },
  "Jest 29, ./inline": { folder: "jest", development: jest },
  "React 19, Vitest, jsdom": { folder: "react", development: vitest },
  "Vue 3, Vitest, jsdom": { folder: "vue", development: vitest },
};

describe("consumers", () => {
  /** @type {Record<string, Record<string, string>>} */
  const table = {};
  before(async () => {
    [emulator, browser] = await Promise.all([startEmulator(), launchBrowser(), installConsumers()]);
  });
  after(async () => {
    await browser?.close();
    emulator?.close();
    console.table(table);
  });

  for (const [name, { folder, ...modes }] of Object.entries(consumers)) {
    // Where there is one mode only, nothing is built for the other: the same files or the same program run in both.
    table[name] = { development: "–", production: "–" };
    for (const [mode, tell] of Object.entries(modes)) {
      test(`${name}, ${mode}`, async () => {
        table[name] = { ...table[name], [mode]: "failed" };
        await Promise.all([emulator.ask("POST", "/reset"), clean(folder)]);
        const began = performance.now();
        const told = await tell(folder);
        if (told !== IN_PROCESS) {
          assert.equal(told, REFUSED);
          assert.deepEqual((await emulator.ask("GET", "/requests")).counts, STORY);
        }
        const seconds = ((performance.now() - began) / 1000).toFixed(1);
        table[name] = { ...table[name], [mode]: `passed, ${seconds} s` };
      });
    }
  }

  test("workerd follows no redirect, which would take the key along", async (context) => {
    let followed = 0;
    const elsewhere = createServer((_, response) => {
      followed += 1;
      response.end("{}");
    });
    context.after(() => elsewhere.close());
    const { port } = await new Promise((resolve) =>
      elsewhere.listen(0, "127.0.0.1", () => resolve(elsewhere.address())),
    );
    await emulator.ask("POST", "/reset");
    await emulator.ask("POST", "/faults", { kind: "redirect", location: `http://127.0.0.1:${port}/` });
    const told = await inServer(server(["wrangler", "dev", ...wranglerAddress]))("workerd");
    assert.deepEqual([told, followed], ["unexpected_status", 0]);
  });
});
