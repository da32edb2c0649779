// @ts-check
import { BrowserUse } from "browser-use-skills";

/** Must resolve before a client can be created. */
export const load = () => BrowserUse.load();

/** @type {import("../lib/programs.mjs").Create} */
export function create(settings) {
  const { skills } = new BrowserUse(settings);
  return {
    get: (id) => skills.get(id),
    execute: (id, body) => skills.execute(id, body),
    list: (pageSize) => skills.list({ pageSize }),
  };
}
