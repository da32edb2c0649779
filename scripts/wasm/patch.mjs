// @ts-check
// Replaces code in the JavaScript that wasm-bindgen generates. Fails if the code is missing: another version wrote it.
import { readFile, writeFile } from "node:fs/promises";

/**
 * @param {string} file - Modified in place.
 * @param {(text: string) => string} change
 */
export async function patch(file, change) {
  await writeFile(file, change(await readFile(file, "utf8")));
}

/** Replaces the only occurrence. @param {string} text @param {string} from @param {string} to */
export function replace(text, from, to) {
  return text.split(from).length === 2 ? text.replace(from, () => to) : fail(from);
}

/** Replaces all occurrences, at least one. @param {string} text @param {RegExp} from @param {string} to */
export function replaceAll(text, from, to) {
  return text.search(from) < 0 ? fail(String(from)) : text.replace(from, () => to);
}

/** @param {string} expected @returns {never} */
export function fail(expected) {
  throw new Error(`unexpected JavaScript from wasm-bindgen: ${expected}`);
}
