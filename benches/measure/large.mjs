// @ts-check
/** Measures large results, and how long they block the page. */
import { withPrograms } from "../lib/chromium.mjs";
import { interleave } from "../lib/rounds.mjs";

/** Result sizes, and the number of calls per sample. */
const SIZES = [
  { label: "100 KB", resultBytes: 100_000, count: 20 },
  { label: "1 MB", resultBytes: 1_000_000, count: 4 },
  { label: "10 MB", resultBytes: 10_000_000, count: 1 },
];

/** @type {import("../run.mjs").Measure} */
export function measure(bench) {
  return withPrograms(bench, async (open) => {
    for (const name of bench.names) {
      await watchLongTasks(open(name).page);
      await open(name).measure({ count: 2000 });
      for (const { resultBytes, count } of SIZES)
        await open(name).measure({ resultBytes, count, ahead: true });
    }
    return interleave(bench.names, bench.rounds(12), async (name) => {
      const { page, measure } = open(name);
      /** @type {Record<string, number>} */
      const figures = {};
      for (const { label, resultBytes, count } of SIZES) {
        figures[`result of ${label} (ms)`] = (await measure({ resultBytes, count, ahead: true })) / 1000;
        if (count === 1) figures[`longest task of ${label} (ms)`] = await takeLongTasks(page);
      }
      return figures;
    });
  });
}

/** @param {import("playwright-core").Page} page */
function watchLongTasks(page) {
  return page.evaluate(() => {
    /** @type {PerformanceEntry[]} */
    const tasks = [];
    Reflect.set(globalThis, "longTasks", tasks);
    new PerformanceObserver((list) => tasks.push(...list.getEntries())).observe({ type: "longtask" });
  });
}

/**
 * Returns the duration of the longest task since the last calls started, in ms. Browsers report no tasks below 50 ms.
 *
 * @param {import("playwright-core").Page} page
 * @returns {Promise<number>}
 */
function takeLongTasks(page) {
  return page.evaluate(async () => {
    // A task is reported after it has ended.
    await new Promise((resolve) => setTimeout(resolve, 100));
    /** @type {PerformanceEntry[]} */
    const tasks = Reflect.get(globalThis, "longTasks").splice(0);
    const began = performance.getEntriesByName("calls").at(-1)?.startTime ?? 0;
    return Math.max(
      0,
      ...tasks
        .filter(({ startTime, duration }) => startTime + duration > began)
        .map(({ duration }) => duration),
    );
  });
}
