// @ts-check
import { BrowserUse } from "browser-use-sdk";

/** @type {import("../lib/programs.mjs").Create} */
export function create(settings) {
  const { skills } = new BrowserUse(settings);
  return {
    get: (id) => skills.get(id),
    execute: (id, body) => skills.execute(id, body),
    list: (pageSize) => skills.list({ pageSize }),
  };
}
