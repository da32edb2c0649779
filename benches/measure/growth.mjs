// @ts-check
/** Measures how the CPU time per call grows with the request size, the list length and the concurrency. */
import { withPrograms } from "../lib/chromium.mjs";
import { interleave } from "../lib/rounds.mjs";

/** @type {Record<string, import("../lib/calls.mjs").Calls>} */
const CASES = {
  "request of 1 KB (µs)": { requestBytes: 1000, count: 200 },
  "request of 10 KB (µs)": { requestBytes: 10_000, count: 200 },
  "request of 100 KB (µs)": { requestBytes: 100_000, count: 50 },
  "list of 1 item (µs)": { operation: "list", items: 1, count: 200 },
  "list of 10 items (µs)": { operation: "list", items: 10, count: 200 },
  "list of 100 items (µs)": { operation: "list", items: 100, count: 50 },
  "list of 1000 items (µs)": { operation: "list", items: 1000, count: 5 },
  "each of 1 call at once (µs)": { atOnce: 1, count: 200 },
  "each of 10 calls at once (µs)": { atOnce: 10, count: 500 },
  "each of 100 calls at once (µs)": { atOnce: 100, count: 500 },
  "each of 1000 calls at once (µs)": { atOnce: 1000, count: 1000 },
};

/** @type {import("../run.mjs").Measure} */
export function measure(bench) {
  return withPrograms(bench, async (open) => {
    for (const name of bench.names) {
      await open(name).measure({ count: 2000 });
      for (const calls of Object.values(CASES)) await open(name).measure(calls);
    }
    return interleave(bench.names, bench.rounds(16), async (name) => {
      /** @type {Record<string, number>} */
      const figures = {};
      for (const [figure, calls] of Object.entries(CASES)) figures[figure] = await open(name).measure(calls);
      return figures;
    });
  });
}
