// @ts-check
/** Measures the time from call to response with the emulator over loopback, one call after the other. */
import { startEmulator } from "../../tests/lib/emulator.mjs";
import { API, KEY } from "../lib/calls.mjs";
import { withPrograms } from "../lib/chromium.mjs";
import { measureInNode } from "../lib/node.mjs";
import { interleave, quantile } from "../lib/rounds.mjs";

/** @type {import("../run.mjs").Measure} */
export async function measure(bench) {
  const emulator = await startEmulator();
  try {
    const get = /** @type {const} */ ({ operation: "get", id: await createSkill(emulator.baseUrl) });
    const chromium = await withPrograms(
      bench,
      async (open) => {
        for (const name of bench.names) await open(name).measure({ ...get, count: 60 });
        return interleave(bench.names, bench.rounds(24), async (name) => ({
          "get over loopback, Chromium (µs)": await open(name).measure({ ...get, count: 30 }),
        }));
      },
      emulator.baseUrl,
    );
    const node = await interleave(bench.names, bench.rounds(8), async (name) => {
      const samples = Array.from({ length: 5 }, () => ({ ...get, count: 80 }));
      const [, ...figures] = await measureInNode(
        name,
        [{ ...get, count: 200 }, ...samples],
        emulator.baseUrl,
      );
      return { "get over loopback, Node (µs)": quantile(figures) };
    });
    return [...chromium, ...node];
  } finally {
    emulator.close();
  }
}

/** @param {string} baseUrl */
async function createSkill(baseUrl) {
  const response = await fetch(`${baseUrl}/skills`, {
    method: "POST",
    headers: { "X-Browser-Use-API-Key": KEY, "Content-Type": "application/json" },
    body: JSON.stringify({
      goal: "The titles of a news site",
      agentPrompt: `Open ${API} and read the titles`,
    }),
  });
  const { id } = await response.json();
  return String(id);
}
