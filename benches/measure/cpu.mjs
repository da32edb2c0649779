// @ts-check
/** Measures the CPU time per call: small bodies, and a stub of `fetch` that responds immediately. */
import { withPrograms } from "../lib/chromium.mjs";
import { measureInNode } from "../lib/node.mjs";
import { interleave, quantile } from "../lib/rounds.mjs";

/** @type {import("../run.mjs").Measure} */
export async function measure(bench) {
  return [...(await inChromium(bench)), ...(await inNode(bench))];
}

/** @param {import("../run.mjs").Bench} bench */
function inChromium(bench) {
  return withPrograms(bench, async (open) => {
    for (const name of bench.names) await open(name).measure({ count: 3000 });
    return interleave(bench.names, bench.rounds(40), async (name) => ({
      "execute in Chromium (µs)": await open(name).measure({ count: 300 }),
      "get in Chromium (µs)": await open(name).measure({ count: 300, operation: "get" }),
    }));
  });
}

/** @param {import("../run.mjs").Bench} bench */
function inNode({ names, rounds }) {
  return interleave(names, rounds(12), async (name) => {
    const samples = Array.from({ length: 7 }, () => ({ count: 400 }));
    const [, ...figures] = await measureInNode(name, [{ count: 4000 }, ...samples]);
    return { "execute in Node (µs)": quantile(figures) };
  });
}
