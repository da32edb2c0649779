// @ts-check
// `fetch` and p-limit. Does not repeat a request: it may have been executed.
import { limited } from "./limited.mjs";

/** @type {import("./run.mjs").Program} */
export function run({ baseUrl, apiKey, skillId, rows, concurrency }, onResult) {
  const headers = { "X-Browser-Use-API-Key": apiKey, "Content-Type": "application/json" };
  return limited(rows, concurrency, async (row) => {
    const body = JSON.stringify({ parameters: row });
    const response = await fetch(`${baseUrl}/skills/${skillId}/execute`, { method: "POST", headers, body });
    if (!response.ok) throw new Error(`${response.status}`);
    onResult(row, (await response.json()).result);
  });
}
