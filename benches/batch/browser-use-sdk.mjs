// @ts-check
// The official SDK, which retries 429s, and p-limit.
import { BrowserUse } from "browser-use-sdk";
import { limited } from "./limited.mjs";

/** @type {import("./run.mjs").Program} */
export function run({ baseUrl, apiKey, skillId, rows, concurrency }, onResult) {
  const { skills } = new BrowserUse({ baseUrl, apiKey });
  return limited(rows, concurrency, async (row) => {
    const { result } = await skills.execute(skillId, { parameters: row });
    onResult(row, result);
  });
}
