// @ts-check
/** A tab that stays open: many calls with one signal leak nothing. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { root } from "../../scripts/lib/run.mjs";
import { serveFolder } from "../../scripts/serve.mjs";
import { launchBrowser } from "../lib/browser.mjs";
import { installPackage } from "../lib/package.mjs";

const WARM_UP = 10_000;
const CALLS = 100_000;
/**
 * Allowance for the engine's own growth: optimised code, feedback, larger hash tables. A leak per call would be larger:
 * 90,000 times the smallest object, 12 bytes, is 1.08 MB.
 */
const ALLOWANCE = 1_000_000;

/** @type {Awaited<ReturnType<typeof installPackage>>} */
let installed;
/** @type {Awaited<ReturnType<typeof serveFolder>>} */
let site;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  [installed, browser] = await Promise.all([installPackage(), launchBrowser()]);
  site = await serveFolder({
    mounts: { "/": join(root, "tests/site"), "/package/": installed.packageFolder },
  });
});
after(async () => {
  await browser?.close();
  await site?.close();
  await installed?.remove();
});

test(`${CALLS} calls leak nothing`, async (context) => {
  const page = await browser.newPage();
  await page.goto(site.url);
  const devtools = await page.context().newCDPSession(page);
  const heap = async () => {
    await devtools.send("HeapProfiler.collectGarbage");
    return (await devtools.send("Runtime.getHeapUsage")).usedSize;
  };
  const soak = await page.evaluateHandle(async () => {
    // @ts-expect-error: a URL path of the test site.
    const { begin } = await import("/soak.js");
    return begin();
  });
  const run = (/** @type {number} */ calls) => soak.evaluate((soak, calls) => soak.run(calls), calls);

  const warm = await run(WARM_UP);
  assert.deepEqual(warm.open, { listeners: 0, timers: 0 });
  const warmHeap = await heap();
  const began = performance.now();
  const end = await run(CALLS - WARM_UP);
  const seconds = (performance.now() - began) / 1000;
  const growth = (await heap()) - warmHeap;
  context.diagnostic(
    `${CALLS} calls, ${Math.round((CALLS - WARM_UP) / seconds)} a second; wasm ${end.wasmBytes} bytes; ` +
      `heap ${warmHeap} bytes when warm, then ${growth} more; ` +
      `${end.ever.listeners} listeners and ${end.ever.timers} timers came and went`,
  );
  assert.deepEqual(end.open, { listeners: 0, timers: 0 });
  assert.ok(
    Math.min(end.ever.listeners, end.ever.timers) > CALLS / 2,
    "listeners and timers are not counted",
  );
  assert.ok(end.wasmBytes > 0);
  assert.equal(end.wasmBytes, warm.wasmBytes);
  assert.ok(growth < ALLOWANCE, `the heap grew by ${growth} bytes`);
});
