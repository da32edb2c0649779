// @ts-check
/** Every tested consumer. The tests, the printed table and docs/bundlers.md use this table. */
import { bundlers } from "./bundlers.mjs";
import { frameworks } from "./frameworks.mjs";
import { runtimes } from "./runtimes.mjs";

/**
 * @typedef {object} Mode
 * @property {import("./run.mjs").Start} start
 * @property {"file" | "embedded"} [wasm] - How its pages load the WebAssembly; not checked by default.
 */

/**
 * @typedef {object} Consumer
 * @property {string} name
 * @property {string} project a folder of tests/consumers
 * @property {string[]} [sources] folders of tests/consumers/shared that it uses
 * @property {string} [version] the package whose version is stated
 * @property {number} [node] the major version of Node.js that runs it; the one that runs the tests by default
 * @property {boolean} [quick] whether `npm test` runs it
 * @property {Record<string, import("./run.mjs").Read>} places where the scenario runs
 * @property {Mode} [development]
 * @property {Mode} [production] - Also the mode of consumers that have only one.
 */

/** @type {Consumer[]} */
export const consumers = [...bundlers, ...frameworks, ...runtimes];
