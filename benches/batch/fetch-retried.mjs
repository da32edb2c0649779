// @ts-check
// `fetch` and p-limit. Retries 429s and lost responses up to five times, as most retrying wrappers of `fetch` do.
import { setTimeout } from "node:timers/promises";
import { limited } from "./limited.mjs";

const MAX_RETRIES = 5;

/** @type {import("./run.mjs").Program} */
export function run({ baseUrl, apiKey, skillId, rows, concurrency }, onResult) {
  const headers = { "X-Browser-Use-API-Key": apiKey, "Content-Type": "application/json" };
  return limited(rows, concurrency, async (row) => {
    const body = JSON.stringify({ parameters: row });
    for (let attempt = 0; ; attempt++) {
      const response = await fetch(`${baseUrl}/skills/${skillId}/execute`, {
        method: "POST",
        headers,
        body,
      }).catch(() => undefined);
      if (response?.ok) return onResult(row, (await response.json()).result);
      if (attempt === MAX_RETRIES) throw new Error(`${response?.status}`);
      await setTimeout(1000 * Number(response?.headers.get("retry-after") ?? Math.random() * 2 ** attempt));
    }
  });
}
