// @ts-check
/** Starts consumers, and reads the results of their scenarios. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { serveFolder } from "../../../scripts/serve.mjs";
import { launchProfile } from "../browser.mjs";
import { execute, startServer } from "./command.mjs";

/**
 * A running consumer.
 *
 * @typedef {object} Running
 * @property {import("./project.mjs").Project} project
 * @property {string} url where it is served
 * @property {() => string} output what its server has printed
 * @property {() => Promise<void>} close
 */

/**
 * @typedef {object} Context
 * @property {import("playwright-core").Browser} browser
 * @property {string} emulator its URL
 * @property {"file" | "embedded" | undefined} wasm how a page is to load the WebAssembly
 */

/** @typedef {(project: import("./project.mjs").Project) => Promise<Running>} Start */
/** @typedef {(running: Running, context: Context) => Promise<string>} Read resolves to the result of the scenario */

/** The expected result of the scenario. */
export const RESULT = "skill_not_found";

/** Time limit of a page, in milliseconds: development servers compile it on the first request. */
const PAGE_LIMIT = 120_000;

/** The magic bytes of a WebAssembly file, in base64. */
const EMBEDDED_WASM = "AGFzbQEAAAA";

/** Runs build commands, of which the last one starts a server. @param {string[]} lines @returns {Start} */
export function serve(...lines) {
  return async (project) => {
    await built(...lines.slice(0, -1))(project);
    const { folder, environment } = project;
    const server = await startServer(lines.at(-1) ?? "", Number(environment.PORT), folder, environment);
    return { project, url: `${environment.ORIGIN}/`, ...server };
  };
}

/** Runs commands that build static files, and serves a folder of the project. @param {string} part @param {string[]} lines @returns {Start} */
export function files(part, ...lines) {
  return async (project) => {
    const running = await built(...lines)(project);
    return { ...running, ...(await serveFolder({ mounts: { "/": join(project.folder, part) } })) };
  };
}

/** Runs build commands, without a server. @param {string[]} lines @returns {Start} */
export function built(...lines) {
  return async (project) => {
    for (const line of lines) await execute(line, project.folder, project.environment);
    return { project, url: "", output: () => "", close: async () => {} };
  };
}

/** Reads the result in a page. @param {string} [query] @returns {Read} */
export function page(query) {
  return async ({ url, output }, { browser, emulator, wasm }) => {
    const context = await browser.newContext();
    context.setDefaultTimeout(PAGE_LIMIT);
    const page = await context.newPage();
    /** @type {string[]} */
    const messages = [];
    /** @type {Promise<boolean>[]} */
    const embedded = [];
    page.on("pageerror", ({ message }) => messages.push(message));
    page.on("console", (message) => messages.push(message.text()));
    page.on("response", (response) => {
      // Vite's "Outdated Optimize Dep": Vite found a dependency late, so the page must be reloaded.
      if (response.status() === 504) page.reload().catch(() => {});
      if (response.request().resourceType() === "script") embedded.push(hasEmbeddedWasm(response));
    });
    try {
      await page.goto(withEmulator(url, emulator, query), { waitUntil: "commit" });
      const result = await page.waitForFunction(() => Reflect.get(globalThis, "result"));
      const value = await result.jsonValue();
      if (wasm) {
        const loaded = (await Promise.all(embedded)).includes(true) ? "embedded" : "file";
        assert.equal(loaded, wasm, "how the page loaded the WebAssembly");
      }
      return value;
    } catch (error) {
      throw new Error([error, ...messages, output()].join("\n"));
    } finally {
      await context.close();
    }
  };
}

/** A page whose calls go through a proxy of its own origin. @type {Read} */
export function proxied(running, context) {
  return page()(running, { ...context, emulator: "/api/browser-use" });
}

/** Reads the result in the server's response: as text, or as `<output>` in HTML. @param {string} path @returns {Read} */
export function response(path) {
  return async ({ url, output }, { emulator }) => {
    const text = await (await fetch(withEmulator(url + path, emulator))).text();
    const result = text.match(/<output[^>]*>(\w+)<\/output>/)?.[1] ?? text;
    if (result !== RESULT) throw new Error([result.slice(0, 500), output()].join("\n"));
    return result;
  };
}

/** Reads the output of a program that prints the result. @param {string} line @returns {Read} */
export function program(line) {
  return ({ project }) => execute(line, project.folder, project.environment);
}

/** Runs a test runner, whose tests assert the result. @param {string} line @returns {Read} */
export function testRunner(line) {
  return async ({ project }) => {
    await execute(line, project.folder, project.environment);
    return RESULT;
  };
}

/** Reads the result in a page or in the service worker of an extension. @param {string} part @param {"page" | "worker"} place @returns {Read} */
export function extension(part, place) {
  return async ({ project }, { emulator }) => {
    const context = await launchProfile("", {
      args: ["--enable-unsafe-extension-debugging"],
      ignoreDefaultArgs: ["--disable-extensions"],
    });
    try {
      const devtools = await context.browser()?.newBrowserCDPSession();
      if (!devtools) throw new Error("This Chromium cannot load an extension");
      const { id } = await devtools.send("Extensions.loadUnpacked", { path: join(project.folder, part) });
      const page = await context.newPage();
      await page.goto(`chrome-extension://${id}/options.html`);
      const name = place === "page" ? "runInPage" : "runInWorker";
      await page.waitForFunction((name) => Reflect.has(globalThis, name), name);
      return await page.evaluate(
        ([name, emulator]) => Reflect.get(globalThis, name)(emulator),
        /** @type {const} */ ([name, emulator]),
      );
    } finally {
      await context.close();
    }
  };
}

/** @param {import("playwright-core").Response} response */
async function hasEmbeddedWasm(response) {
  // Redirects, and scripts of a page that was closed, have no body.
  const text = await response.text().catch(() => "");
  return text.includes(EMBEDDED_WASM);
}

/** @param {string} url @param {string} emulator @param {string} [query] */
function withEmulator(url, emulator, query) {
  const parameters = new URLSearchParams(query);
  parameters.set("emulator", emulator);
  return `${url}?${parameters}`;
}
