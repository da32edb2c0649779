// @ts-check
import pLimit from "p-limit";

/**
 * Runs a function for every row, at most `concurrency` at once. A row whose function rejects has no result.
 *
 * @param {import("./run.mjs").Row[]} rows
 * @param {number} concurrency
 * @param {(row: import("./run.mjs").Row) => Promise<void>} run
 */
export async function limited(rows, concurrency, run) {
  const limit = pLimit(concurrency);
  await Promise.all(rows.map((row) => limit(() => run(row).catch(() => {}))));
}
