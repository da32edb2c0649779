// @ts-check
/** Runs each program in a separate Node process. */
import { join } from "node:path";
import { capture } from "../../scripts/lib/run.mjs";
import { site } from "./programs.mjs";

/**
 * @param {string} name
 * @param {import("./calls.mjs").Calls[]} calls - Measured one after the other.
 * @param {string} [baseUrl] - Base URL of the API; a stub by default.
 * @returns {Promise<number[]>} microseconds per call
 */
export async function measureInNode(name, calls, baseUrl) {
  const args = [
    join(import.meta.dirname, "in-node.mjs"),
    join(site, name, "node.mjs"),
    JSON.stringify(calls),
  ];
  const printed = await capture(process.execPath, baseUrl ? [...args, baseUrl] : args);
  if (printed === null) throw new Error(`${name} failed in Node`);
  return JSON.parse(printed);
}
