// @ts-check
/**
 * Finds the constants that functions use. wasm-ld writes each constant into a data segment of its own
 * (`--no-merge-data-segments`, scripts/build.mjs), so that its bounds are known.
 */
import { readText, writeText } from "./text.mjs";

/** A data segment in the text format. */
const DATA = /^ \(data \$(\S+) \(i32\.const (\d+)\) "((?:[^"\\]|\\.)*)"\)$/;

/** The names of segments that are never written to. */
const CONSTANT = /^"?\.rodata/;

/** Numbers that can be offsets: the stack precedes the data, in the first megabyte. */
const OFFSET = /\b\d{7,}\b/g;

/** Numbers of the characters that the text format escapes by a letter. */
const ESCAPES = new Map([
  ["t", 9],
  ["n", 10],
  ["r", 13],
]);

/**
 * @typedef {object} Segment
 * @property {string} item - In the text format.
 * @property {string} name
 * @property {number} start - Its offset.
 * @property {Buffer} bytes
 */

/**
 * Returns the constants that functions use directly, or through other data. A number that could be the offset of a byte of
 * a constant is a use of it.
 *
 * @param {string[]} items - Those of the module.
 * @param {string[]} [functions] - All, if left out.
 * @returns {Set<string>} items
 */
export function usedConstants(items, functions = items.filter((item) => item.startsWith(" (func "))) {
  const segments = segmentsOf(items);
  const at = new Map(
    segments.flatMap((one) => Array.from(one.bytes, (_, index) => [one.start + index, one])),
  );
  /** @type {Set<Segment>} */
  const used = new Set();
  const open = functions.flatMap((body) => Array.from(body.matchAll(OFFSET), Number));
  for (let offset = open.pop(); offset !== undefined; offset = open.pop()) {
    const segment = at.get(offset);
    if (segment === undefined || used.has(segment)) continue;
    used.add(segment);
    open.push(...wordsOf(segment));
  }
  return new Set([...used].filter(({ name }) => CONSTANT.test(name)).map(({ item }) => item));
}

/**
 * Merges the data segments of a module, each of which has a header. Not for a later part: it would overwrite the data of
 * the first between its own.
 *
 * @param {string} file - The module, modified in place.
 */
export async function mergeData(file) {
  const { items, features } = await readText(file);
  const segments = segmentsOf(items);
  const start = Math.min(...segments.map(({ start }) => start));
  const end = Math.max(...segments.map(({ start, bytes }) => start + bytes.length));
  const merged = Buffer.alloc(end - start);
  for (const segment of segments) segment.bytes.copy(merged, segment.start - start);
  const content = merged.toString("hex").replace(/../g, "\\$&");
  const others = items.filter((item) => !DATA.test(item));
  await writeText(file, { items: [...others, ` (data (i32.const ${start}) "${content}")`], features });
}

/** @param {string[]} items @returns {Segment[]} */
function segmentsOf(items) {
  return items.flatMap((item) => {
    const [, name = "", start = "", content = ""] = item.match(DATA) ?? [];
    return start ? [{ item, name, start: Number(start), bytes: bytesOf(content) }] : [];
  });
}

/** Returns the numbers in a segment that can be offsets. @param {Segment} segment */
function wordsOf({ start, bytes }) {
  const words = [];
  for (let index = -start & 3; index + 4 <= bytes.length; index += 4) words.push(bytes.readUInt32LE(index));
  return words;
}

/** @param {string} content - A string in the text format. */
function bytesOf(content) {
  const characters = content.matchAll(/\\([0-9a-f]{2})|\\?(.)/gs);
  return Buffer.from(
    Array.from(characters, ([character, code, plain = ""]) => {
      if (code) return Number.parseInt(code, 16);
      return (character !== plain && ESCAPES.get(plain)) || plain.charCodeAt(0);
    }),
  );
}
