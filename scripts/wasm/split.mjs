// @ts-check
/**
 * Splits a WebAssembly module in two: a first part that is loaded before any call, and a second part with the functions
 * that only some calls need. Both use the same memory, table and globals, which the second part imports from the first.
 *
 * A function of the second part that the first part calls becomes a stub, which calls it through the function table:
 * instantiating the second part fills its table slots. Until then a stub traps, so the JavaScript must load the second
 * part before it makes a call that needs it (npm/src/load.ts).
 */
import { readFile, writeFile } from "node:fs/promises";
import { usedConstants } from "./data.mjs";
import { readText, writeText } from "./text.mjs";

/**
 * Selects the functions of the second part: those that match, and those that only these use.
 *
 * @typedef {object} Boundary
 * @property {RegExp} calls - The names of functions that the first part calls.
 * @property {RegExp} roots - The names of exported functions and of functions in the table.
 */

/** The module name under which the second part imports the first. */
const FIRST = "first";

/** Functions below this length in the text format are copied to both parts: their exports would take more space (400 bytes). */
const MAX_COPIED_LENGTH = 800;

/** In the name of a function that calls a boxed closure and drops it. */
const SHIM = "{{vtable.shim}}";

/** A name in the text format. Binaryen quotes names with special characters. */
const NAME = String.raw`\$(?:"(?:[^"\\]|\\.)*"|[^\s()]+)`;
const FUNCTION = new RegExp(String.raw`^ \(func (${NAME})((?: \((?:param|result)[^)]*\))*)`);
const EXPORT = new RegExp(String.raw`^ \(export "[^"]*" \(func (${NAME})\)\)`);
const USED = new RegExp(String.raw`\((?:call|return_call|ref\.func) (${NAME})`, "g");

/**
 * @param {string} file - The module, with a name section. Replaced by the first part.
 * @param {string} second - Where to write the second part.
 * @param {Boundary} boundary
 */
export async function split(file, second, boundary) {
  const { items, features } = await readText(file);
  const parts = divide(items, boundary);
  await writeText(second, { items: parts.second, features });
  await writeText(file, { items: parts.first, features });
}

/**
 * Drops the exports of the first part that the second does not import, so that code which only these use is removed.
 *
 * @param {string} file - The first part, modified in place.
 * @param {string} second
 */
export async function dropUnusedExports(file, second) {
  const { default: binaryen } = await import("binaryen");
  binaryen.setDebugInfo(true);
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(await readFile(second)));
  const imported = new Set(imports.filter(({ module }) => module === FIRST).map(({ name }) => name));
  const bytes = await readFile(file);
  const exported = WebAssembly.Module.exports(new WebAssembly.Module(bytes));
  const module = binaryen.readBinary(bytes);
  for (const { name } of exported) if (isShared(name) && !imported.has(name)) module.removeExport(name);
  await writeFile(file, module.emitBinary());
  module.dispose();
}

/** Whether both parts use an export: no other has a number as its name. @param {string} name */
function isShared(name) {
  return /^\d+$/.test(name);
}

/**
 * @param {string[]} items - Those of a module in the text format.
 * @param {Boundary} boundary
 */
function divide(items, boundary) {
  const of = (/** @type {string} */ kind) => items.filter((item) => item.startsWith(` (${kind} `));
  const functions = new Map(of("func").map((body) => [nameOf(FUNCTION, body), body]));
  const kept = reachable(functions, of("export"), of("elem"), boundary);
  const moved = [...functions.keys()].filter((name) => !kept.has(name));
  if (moved.length === 0) throw new Error("The second part would be empty: is the name section missing?");

  const table = single(of("table").filter((item) => item.endsWith("funcref)")));
  const slots = slotsOf(single(of("elem")));
  const called = new Set([...kept].flatMap((name) => usedBy(functions.get(name) ?? "")));
  const exported = new Set(of("export").map((item) => item.match(EXPORT)?.[1]));
  const stubs = moved.filter((name) => called.has(name) || exported.has(name));
  const own = table.match(/ (\d+) (\d+) funcref\)$/);
  let size = Number(own?.[1]);
  for (const name of stubs) if (!slots.has(name)) slots.set(name, size++);
  const grown = table.replace(/ \d+ \d+ funcref\)$/, ` ${size} ${size} funcref)`);
  const [tableName = ""] = table.match(new RegExp(NAME)) ?? [];

  const copied = [...kept].filter((name) => (functions.get(name) ?? "").length < MAX_COPIED_LENGTH);
  const isCopied = new Set(copied);
  /** The items that both parts use, exported under a number. */
  const shared = [
    ...of("memory"),
    grown,
    ...of("table").filter((item) => item !== table),
    ...of("global"),
    ...[...kept].filter((name) => !isCopied.has(name)).map((name) => functions.get(name) ?? ""),
  ].map((item, index) => ({ item, name: String(index) }));

  const bodies = (/** @type {Iterable<string>} */ names) =>
    Array.from(names, (name) => functions.get(name) ?? "");
  const keptData = usedConstants(items, bodies(kept));
  const movedData = [...usedConstants(items, bodies(moved))].filter((item) => !keptData.has(item));

  const filled = [...slots].filter(([name]) => !kept.has(name));
  const secondPart = [
    ...of("type"),
    ...of("import"),
    ...shared.map(({ item, name }) => ` (import "${FIRST}" "${name}" ${importOf(item)})`),
    ...elementsOf(filled, tableName),
    ...movedData,
    ...bodies([...moved, ...copied]),
  ];
  const isMoved = new Set([...bodies(moved), ...movedData]);
  const rest = items
    .filter((item) => !item.startsWith(" (elem ") && !isMoved.has(item))
    .map((item) => (item === table ? grown : item));
  const remaining = [...slots].filter(([name]) => kept.has(name) || functions.get(name) === undefined);
  const firstPart = [
    ...rest,
    ...elementsOf(remaining, tableName),
    ...stubs.map((name) => stub(functions.get(name) ?? "", tableName, slots.get(name) ?? 0)),
    ...shared.map(({ item, name }) => ` (export "${name}" ${referenceTo(item)})`),
  ];
  return { first: firstPart, second: secondPart };
}

/**
 * Returns the functions that are reachable without those of the second part.
 *
 * @param {Map<string, string>} functions
 * @param {string[]} exports
 * @param {string[]} elements
 * @param {Boundary} boundary
 */
function reachable(functions, exports, elements, boundary) {
  /** @type {Set<string>} */
  const reached = new Set();
  const roots = [...exports, ...elements].flatMap((item) => item.match(new RegExp(NAME, "g")) ?? []);
  const isMoved = (/** @type {string} */ name) =>
    boundary.roots.test(plain(name)) ||
    // The name of a closure's shim does not say what it calls.
    (name.includes(SHIM) &&
      usedBy(functions.get(name) ?? "").some((used) => boundary.roots.test(plain(used))));
  const open = roots.filter((name) => !isMoved(name));
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const body = functions.get(name);
    if (body === undefined || reached.has(name)) continue;
    reached.add(name);
    open.push(...usedBy(body).filter((used) => !boundary.calls.test(plain(used))));
  }
  return reached;
}

/** @param {string} body - The body of a function. */
function usedBy(body) {
  return Array.from(body.matchAll(USED), ([, name = ""]) => name);
}

/** Returns the table slot of each function. @param {string} element */
function slotsOf(element) {
  const [, offset = "", names = ""] = element.match(/\(i32\.const (\d+)\) func (.*)\)$/s) ?? [];
  const found = names.match(new RegExp(NAME, "g")) ?? [];
  if (offset === "" || found.length === 0) throw new Error(`Unexpected table: ${element.slice(0, 100)}`);
  return new Map(found.map((name, index) => [name, Number(offset) + index]));
}

/** Returns element segments that fill table slots. @param {[name: string, slot: number][]} slots - In ascending order. @param {string} table */
function elementsOf(slots, table) {
  /** @type {{ first: number, names: string[] }[]} */
  const runs = [];
  for (const [name, slot] of slots) {
    const run = runs.at(-1);
    if (run && run.first + run.names.length === slot) run.names.push(name);
    else runs.push({ first: slot, names: [name] });
  }
  return runs.map(
    ({ first, names }) => ` (elem (table ${table}) (i32.const ${first}) func ${names.join(" ")})`,
  );
}

/** Returns a function that calls another one through its table slot. @param {string} body @param {string} table @param {number} slot */
function stub(body, table, slot) {
  const [head = "", , signature = ""] = body.match(FUNCTION) ?? [];
  const names = Array.from(
    signature.matchAll(/\(param (\$\S+) [^)]*\)/g),
    ([, name]) => `(local.get ${name})`,
  );
  const type = signature.replace(/\(param \$\S+ /g, "(param ");
  return `${head} (call_indirect ${table}${type} ${names.join(" ")} (i32.const ${slot})))`;
}

/** @param {string} item - An item of the first part. */
function importOf(item) {
  const [, name, signature] = item.match(FUNCTION) ?? [];
  if (name) return `(func ${name}${signature?.replace(/\(param \$\S+ /g, "(param ")})`;
  // A global without its initial value.
  return item.trim().replace(/ \([if]\d+\.const [^)]*\)\)$/, ")");
}

/** @param {string} item */
function referenceTo(item) {
  const [kind] = item.trim().slice(1).split(" ");
  return `(${kind} ${item.match(new RegExp(NAME))?.[0]})`;
}

/** @param {RegExp} pattern @param {string} item */
function nameOf(pattern, item) {
  return item.match(pattern)?.[1] ?? "";
}

/** Returns the unescaped name. @param {string} name */
function plain(name) {
  const text = name.slice(1).replace(/^"|"$/g, "");
  return text.replace(/\\([0-9a-f]{2})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** @template Value @param {Value[]} values */
function single(values) {
  const [value, ...others] = values;
  if (value === undefined || others.length > 0) throw new Error(`Expected one item, got ${values.length}`);
  return value;
}
