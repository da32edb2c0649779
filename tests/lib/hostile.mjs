// @ts-check
/** Skills whose texts and schemas try to inject code into the generated TypeScript. */

const TEXTS = [
  "*/ export const evil = 1; /*",
  "*/\nexport const evil = 1;\n/*",
  "@ts-ignore",
  "@ts-expect-error */",
  '"; export const evil = 1; //',
  "`$`{process.exit()}",
  "\\",
  '\\"',
  "\u2028export const evil = 1;\u2029",
  "\r\nexport const evil = 1;",
  "\u202e\u2066 evil \u0000\u001b[2J",
  "\ud800",
  "}; export const evil = 1; type A = {",
  "]: never; [key: symbol",
  "__proto__",
  "constructor",
  "toString",
  "readonly",
  "new",
  "get",
  "default",
  "string",
  "Object",
  "",
  " ",
  "a b",
  "名前",
  "/// <reference path='/etc/passwd' />",
  "typeof import('node:fs')",
];
const TYPES = ["string", "number", "integer", "boolean", "null", "object", "array"];
const SCHEMA_KEYWORDS = ["items", "additionalProperties", "additionalItems", "not", "if", "contains"];
const LIST_KEYWORDS = ["allOf", "anyOf", "oneOf", "prefixItems", "items"];
const MAP_KEYWORDS = ["properties", "patternProperties", "$defs", "definitions"];
const NUMBER_KEYWORDS = ["minItems", "maxItems", "minLength", "minimum", "multipleOf"];
const TEXT_KEYWORDS = ["description", "title", "$id", "$schema", "format", "pattern", "tsType", "$comment"];
const REFERENCES = [
  "#",
  "#/",
  "#/$defs/a",
  "#/properties",
  "#/items",
  "#/items/0",
  "#/anyOf/1",
  "#/%",
  "file:///x",
];

/** A placeholder for a JSON number that JavaScript parses as infinite. */
const HUGE = "(a huge number)";

/** Pseudo-random numbers from 0 to 1 (mulberry32). @param {number} seed */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Generates a skill of a hostile server. The same seed gives the same skill.
 *
 * @param {number} seed
 */
export function hostileSkill(seed) {
  const next = generator(seed);
  const below = (/** @type {number} */ limit) => Math.floor(next() * limit);
  /** @template Item @param {readonly Item[]} items @returns {Item} */
  const pick = (items) => /** @type {Item} */ (items[below(items.length)]);
  const many = (/** @type {() => unknown} */ make) => Array.from({ length: below(4) }, make);
  const text = () => (next() < 0.3 ? pick(TEXTS) + pick(TEXTS) : pick(TEXTS));
  const key = () => (next() < 0.3 ? pick(["a", "b", "success", "data", "error"]) : text());
  const scalar = () => pick([text(), -1.5, 0, 1e21, 7, true, false, null, "1 */ export const evil = 1; /*"]);
  const anything = () => pick([scalar(), [scalar()], { [text()]: scalar() }, HUGE]);

  /** @param {number} depth @returns {unknown} */
  const schema = (depth) => {
    if (depth > 4 || next() < 0.05) return anything();
    /** @type {Array<[string, unknown]>} */
    const entries = [];
    const add = (/** @type {string} */ keyword, /** @type {() => unknown} */ make) =>
      entries.push([keyword, next() < 0.15 ? anything() : make()]);
    const deeper = () => schema(depth + 1);
    const map = () => Object.fromEntries(many(() => 0).map(() => [key(), deeper()]));
    if (next() < 0.7) add("type", () => (next() < 0.2 ? many(() => pick(TYPES)) : pick([...TYPES, text()])));
    if (next() < 0.5) add(pick(MAP_KEYWORDS), map);
    if (next() < 0.4) add("properties", map);
    if (next() < 0.3) add("required", () => many(key));
    if (next() < 0.3) add(pick(LIST_KEYWORDS), () => many(deeper));
    if (next() < 0.3) add(pick(SCHEMA_KEYWORDS), deeper);
    if (next() < 0.2) add("$ref", () => pick([...REFERENCES, text(), `#/$defs/${key()}`]));
    if (next() < 0.2) add("enum", () => many(anything));
    if (next() < 0.1) add("const", anything);
    if (next() < 0.2) add("nullable", () => true);
    if (next() < 0.4) add(pick(TEXT_KEYWORDS), text);
    if (next() < 0.3) add(pick(NUMBER_KEYWORDS), () => pick([0, 1, 2, -1, 1.5, 1e9]));
    if (next() < 0.1) add(text(), anything);
    return Object.fromEntries(entries);
  };
  const parameter = () => ({
    name: key(),
    type: pick([...TYPES, "cookie", text()]),
    required: pick([true, false, undefined]),
    description: pick([text(), null, undefined]),
    default: pick([undefined, null, scalar()]),
  });
  const skill = { id: text() + seed, title: text(), parameters: many(parameter), outputSchema: schema(0) };
  return JSON.parse(JSON.stringify(skill).replaceAll(JSON.stringify(HUGE), "1e400"));
}
