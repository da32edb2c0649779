// @ts-check
/** A program in a Node process of its own. */
import { join } from "node:path";
import { capture } from "../../scripts/lib/run.mjs";
import { site } from "./programs.mjs";

/**
 * @param {string} name
 * @param {import("./calls.mjs").Calls[]} calls measured one after the other
 * @param {string} [baseUrl] where to send to; to a stub by default
 * @returns {Promise<number[]>} microseconds a call
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
