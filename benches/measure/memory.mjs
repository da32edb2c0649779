// @ts-check
/** Measures the memory of a client: JavaScript heap after a garbage collection, and WebAssembly memory. */
import { openProgram } from "../lib/chromium.mjs";
import { interleave } from "../lib/rounds.mjs";

const AT_ONCE = 1000;

/** @type {import("../run.mjs").Measure} */
export function measure(bench) {
  const many = bench.quick ? 10_000 : 100_000;
  return interleave(bench.names, 1, async (name) => {
    const { page, context, measure, close } = await openProgram(bench, name);
    const devtools = await context.newCDPSession(page);
    /** @type {Record<string, number>} */
    const figures = {};
    let before = 0;
    let after = 0;
    for (const count of [1, 1000, many]) {
      await measure({ count });
      before = after;
      after = await heap(devtools);
      figures[`heap after ${count} calls (KB)`] = after / 1000;
      figures[`wasm after ${count} calls (KB)`] = (await wasmBytes(page)) / 1000;
    }
    figures[`heap growth per call from 1000 to ${many} calls (bytes)`] = (after - before) / (many - 1000);
    const release = await page.evaluateHandle(
      (count) => Reflect.get(globalThis, "bench").hold(count),
      AT_ONCE,
    );
    figures[`heap per call in flight, ${AT_ONCE} at once (bytes)`] =
      ((await heap(devtools)) - after) / AT_ONCE;
    await release.evaluate((release) => release());
    figures[`wasm after ${AT_ONCE} calls at once (KB)`] = (await wasmBytes(page)) / 1000;
    await close();
    return figures;
  });
}

/** @param {import("playwright-core").CDPSession} devtools @returns {Promise<number>} bytes in use */
async function heap(devtools) {
  // The second collection frees what finalizers of the first one released.
  for (let time = 0; time < 2; time++) await devtools.send("HeapProfiler.collectGarbage");
  return (await devtools.send("Runtime.getHeapUsage")).usedSize;
}

/** @param {import("playwright-core").Page} page @returns {Promise<number>} */
function wasmBytes(page) {
  return page.evaluate(() => {
    /** @type {WebAssembly.Memory[]} */
    const memories = Reflect.get(globalThis, "wasmMemories");
    return memories.reduce((total, { buffer }) => total + buffer.byteLength, 0);
  });
}
