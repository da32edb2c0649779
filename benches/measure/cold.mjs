// @ts-check
/** Measures the cold start in a page, until the first request, with empty and with warm caches. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchProfile } from "../../tests/lib/browser.mjs";
import { interleave } from "../lib/rounds.mjs";

/** Chromium caches the code of a script after this many loads, and that of WebAssembly once it is hot. */
const LOADS_BEFORE_WARM = 3;
const CALLS_BEFORE_WARM = 2000;

const STUB = { path: join(import.meta.dirname, "..", "lib", "first-request.js") };

/** @type {import("../run.mjs").Measure} */
export async function measure(bench) {
  return [...(await uncached(bench)), ...(await cached(bench))];
}

/** @param {import("../run.mjs").Bench} bench */
function uncached({ names, browser, origin, rounds }) {
  return interleave(names, rounds(12), async (name) => {
    /** @type {Record<string, number>} */
    const figures = {};
    for (const start of [load, loadVite, navigate, click]) {
      // Each context has its own caches, which are discarded with it.
      const context = await browser.newContext();
      await context.addInitScript(STUB);
      Object.assign(figures, await start(await context.newPage(), origin, name, "uncached"));
      await context.close();
    }
    return figures;
  });
}

/** @param {import("../run.mjs").Bench} bench */
async function cached({ names, origin, rounds }) {
  const folder = await mkdtemp(join(tmpdir(), "browser-use-skills-bench-"));
  const profile = await launchProfile(folder);
  try {
    await profile.addInitScript(STUB);
    for (const name of names) await warm(profile, origin, name);
    return await interleave(names, rounds(12), async (name) => {
      /** @type {Record<string, number>} */
      const figures = {};
      for (const start of [load, navigate]) {
        const page = await profile.newPage();
        Object.assign(figures, await start(page, origin, name, "cached"));
        await page.close();
      }
      return figures;
    });
  } finally {
    await profile.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {import("playwright-core").BrowserContext} profile @param {string} origin @param {string} name */
async function warm(profile, origin, name) {
  for (let time = 0; time < LOADS_BEFORE_WARM; time++) {
    for (const start of [load, navigate]) {
      const page = await profile.newPage();
      await start(page, origin, name, "");
      if (start === load) {
        await page.evaluate(
          async ([name, count]) => {
            // @ts-expect-error: a URL path of the site.
            const { start } = await import("/lib/calls.mjs");
            const { measure } = await start(await import(`/${name}/program.js`));
            await measure({ count });
          },
          /** @type {const} */ ([name, CALLS_BEFORE_WARM]),
        );
      }
      // Chromium writes its code cache asynchronously, without an event.
      await page.waitForTimeout(300);
      await page.close();
    }
  }
}

/**
 * Opens a page that creates a client and makes a call immediately.
 *
 * @param {import("playwright-core").Page} page @param {string} origin @param {string} name @param {string} caches
 */
async function navigate(page, origin, name, caches) {
  await page.goto(`${origin}${name}/page.html`);
  const time = await page.evaluate(
    async () => (await Reflect.get(globalThis, "firstRequest")) - performance.timeOrigin,
  );
  return { [`navigation to first request, ${caches} (ms)`]: time };
}

/**
 * Constructs a client in a page, and makes a call once the page is idle.
 *
 * @param {import("playwright-core").Page} page @param {string} origin @param {string} name @param {string} caches
 */
async function click(page, origin, name, caches) {
  await page.goto(`${origin}blank.html`);
  const time = await page.evaluate(async (name) => {
    /** @type {import("../lib/programs.mjs").Program} */
    const program = await import(`/${name}/program.js`);
    const client = program.create({ baseUrl: "https://api.browser-use.com/api/v2", apiKey: "bu_bench" });
    // What a program does when the page is idle has no event.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const clicked = performance.timeOrigin + performance.now();
    await client.execute("3c90c3cc-0d44-4b50-8888-8dd25736052a", { parameters: { limit: 5 } });
    return (await Reflect.get(globalThis, "firstRequest")) - clicked;
  }, name);
  return { [`idle page, click to first request, ${caches} (ms)`]: time };
}

/** Like `load`, with Vite's bundle, which omits more unused code than esbuild's. @type {typeof load} */
function loadVite(page, origin, name, caches) {
  return load(page, origin, `${name}/vite`, `${caches}, Vite`);
}

/**
 * Loads a program in a page that has finished loading.
 *
 * @param {import("playwright-core").Page} page @param {string} origin @param {string} name @param {string} caches
 */
async function load(page, origin, name, caches) {
  await page.goto(`${origin}blank.html`);
  const [constructed, requested] = await page.evaluate(async (name) => {
    const began = performance.now();
    /** @type {import("../lib/programs.mjs").Program} */
    const program = await import(`/${name}/program.js`);
    await program.load?.();
    const client = program.create({ baseUrl: "https://api.browser-use.com/api/v2", apiKey: "bu_bench" });
    const constructed = performance.now() - began;
    await client.execute("3c90c3cc-0d44-4b50-8888-8dd25736052a", { parameters: { limit: 5 } });
    const requested = (await Reflect.get(globalThis, "firstRequest")) - performance.timeOrigin - began;
    return [constructed, requested];
  }, name);
  return {
    [`import to constructed, ${caches} (ms)`]: constructed,
    [`import to first request, ${caches} (ms)`]: requested,
  };
}
