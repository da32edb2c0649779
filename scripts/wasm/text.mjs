// @ts-check
// Reads and writes modules in the text format, as a list of their items: types, imports, functions, data, …
import { readFile, writeFile } from "node:fs/promises";

/**
 * @typedef {object} Text
 * @property {string[]} items
 * @property {number} features - The WebAssembly features that the module uses.
 */

/** @param {string} file - A module with a name section. @returns {Promise<Text>} */
export async function readText(file) {
  const { default: binaryen } = await import("binaryen");
  binaryen.setDebugInfo(true);
  const module = binaryen.readBinary(await readFile(file));
  const features = module.getFeatures();
  const items = itemsOf(module);
  module.dispose();
  return { items, features };
}

/** @param {import("binaryen").default.Module} module - With debug information, for its names. */
export function itemsOf(module) {
  const text = module.emitText();
  return text
    .slice(0, text.lastIndexOf("\n)"))
    .split(/\n(?= \()/)
    .slice(1);
}

/** @param {string} file @param {Text} text */
export async function writeText(file, { items, features }) {
  const { default: binaryen } = await import("binaryen");
  binaryen.setDebugInfo(true);
  const module = binaryen.parseText(["(module", ...items, ")"].join("\n"));
  module.setFeatures(features);
  await writeFile(file, module.emitBinary());
  module.dispose();
}
