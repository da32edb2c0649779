// @ts-check
/**
 * Splits a WebAssembly module: a first part that is loaded before any call, and later parts with the functions that only
 * some calls need. All use the same memory, table and globals, which the later parts import from the first.
 *
 * A function of a later part that another part calls becomes a stub there, which calls it through the function table:
 * instantiating the later part fills its table slots. Until then a stub traps, so the JavaScript must load the parts that
 * a call needs before it makes the call (npm/src/load.ts). A later part needs those before it.
 */
import { readFile, writeFile } from "node:fs/promises";
import { usedConstants } from "./data.mjs";
import { readText, writeText } from "./text.mjs";

/**
 * Selects the functions of a later part: those that match, and those that only these and the parts after it use.
 *
 * @typedef {object} Boundary
 * @property {RegExp} [calls] - The names of functions that the parts before it call.
 * @property {RegExp} roots - The names of exported functions and of functions in the table.
 */

/** The module name under which the later parts import the first. */
const FIRST = "first";

/** Functions below this length in the text format are copied to the later parts: their exports would take more space (400 bytes). */
const MAX_COPIED_LENGTH = 800;

/** In the name of a function that calls a boxed closure and drops it. */
const SHIM = "{{vtable.shim}}";

/** A name in the text format. Binaryen quotes names with special characters. */
const NAME = String.raw`\$(?:"(?:[^"\\]|\\.)*"|[^\s()]+)`;
const FUNCTION = new RegExp(String.raw`^ \(func (${NAME})((?: \((?:param|result)[^)]*\))*)`);
const USED = new RegExp(String.raw`\((?:call|return_call|ref\.func|func) (${NAME})`, "g");

/**
 * @param {string} file - The module, with a name section. Replaced by the first part.
 * @param {string[]} later - Where to write the later parts.
 * @param {Boundary[]} boundaries - Those of the later parts.
 */
export async function split(file, later, boundaries) {
  const { items, features } = await readText(file);
  const parts = divide(items, boundaries);
  for (const [index, name] of [file, ...later].entries())
    await writeText(name, { items: parts[index] ?? [], features });
}

/**
 * Drops the exports of the first part that no later part imports, so that code which only these use is removed.
 *
 * @param {string} file - The first part, modified in place.
 * @param {string[]} later - The later parts.
 */
export async function dropUnusedExports(file, later) {
  const { default: binaryen } = await import("binaryen");
  binaryen.setDebugInfo(true);
  const modules = await Promise.all(later.map(async (name) => new WebAssembly.Module(await readFile(name))));
  const imports = modules.flatMap((module) => WebAssembly.Module.imports(module));
  const imported = new Set(imports.filter(({ module }) => module === FIRST).map(({ name }) => name));
  const bytes = await readFile(file);
  const exported = WebAssembly.Module.exports(new WebAssembly.Module(bytes));
  const module = binaryen.readBinary(bytes);
  for (const { name } of exported) if (isShared(name) && !imported.has(name)) module.removeExport(name);
  await writeFile(file, module.emitBinary());
  module.dispose();
}

/** Whether the parts share an export: no other has a number as its name. @param {string} name */
function isShared(name) {
  return /^\d+$/.test(name);
}

/**
 * Returns the items of each part.
 *
 * @param {string[]} items - Those of a module in the text format.
 * @param {Boundary[]} boundaries
 */
function divide(items, boundaries) {
  const of = (/** @type {string} */ kind) => items.filter((item) => item.startsWith(` (${kind} `));
  const functions = new Map(of("func").map((body) => [nameOf(body), body]));
  const bodies = (/** @type {string[]} */ names) => names.map((name) => functions.get(name) ?? "");
  const parts = partition(functions, [...of("export"), ...of("elem")], boundaries).map(bodies);
  if (parts.some(({ length }) => length === 0))
    throw new Error("A part would be empty: is the name section missing?");
  /** The part of each function and constant: the first one that uses it. @type {Map<string, number>} */
  const places = new Map();
  for (const [index, part] of [...parts.entries()].reverse())
    for (const item of [...part, ...usedConstants(items, part)]) places.set(item, index);
  const placeOf = (/** @type {string} */ name) => places.get(functions.get(name) ?? "") ?? 0;

  const [first = []] = parts;
  const needed = neededOf(functions, new Set(first), parts.slice(1).flat());
  const copied = needed.filter(isCopied);
  const stubs = parts.map((part, index) => {
    const users = [...part, ...(index === 0 ? of("export") : copied)];
    const used = new Set(users.flatMap(usedBy));
    return [...functions.keys()].filter((name) => used.has(name) && ![0, index].includes(placeOf(name)));
  });

  const table = single(of("table").filter((item) => item.endsWith("funcref)")));
  const slots = slotsOf(single(of("elem")));
  let size = Number(table.match(/ (\d+) \d+ funcref\)$/)?.[1]);
  for (const name of stubs.flat()) if (!slots.has(name)) slots.set(name, size++);
  const grown = table.replace(/ \d+ \d+ funcref\)$/, ` ${size} ${size} funcref)`);
  const [tableName = ""] = table.match(new RegExp(NAME)) ?? [];

  /** The items of the first part that the others use too, exported under a number. */
  const shared = [
    ...of("memory"),
    grown,
    ...of("table").filter((item) => item !== table),
    ...of("global"),
    ...needed.filter((body) => !isCopied(body)),
  ].map((item, index) => ({ item, name: String(index) }));
  const imports = [
    ...of("type"),
    ...of("import"),
    ...shared.map(({ item, name }) => ` (import "${FIRST}" "${name}" ${importOf(item)})`),
  ];
  const exports = shared.map(({ item, name }) => ` (export "${name}" ${referenceTo(item)})`);

  const rest = items
    .filter((item) => !item.startsWith(" (elem "))
    .map((item) => (item === table ? grown : item));
  return parts.map((_, index) => [
    ...(index === 0 ? [] : imports),
    ...rest.filter((item) => (places.get(item) ?? 0) === index),
    ...(index === 0 ? exports : copied),
    ...elementsOf(
      [...slots].filter(([name]) => placeOf(name) === index),
      tableName,
    ),
    ...(stubs[index] ?? []).map((name) => stub(functions.get(name) ?? "", tableName, slots.get(name) ?? 0)),
  ]);
}

/**
 * Returns the functions of the first part that the later parts use, also through functions that are copied to them. Sorted, as
 * wasm-opt sorts functions: the exports compress better.
 *
 * @param {Map<string, string>} functions
 * @param {Set<string>} first - The functions of the first part.
 * @param {string[]} later - Those of the later parts.
 */
function neededOf(functions, first, later) {
  /** @type {Set<string>} */
  const needed = new Set();
  const open = later.flatMap(usedBy);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const body = functions.get(name) ?? "";
    if (needed.has(body) || !first.has(body)) continue;
    needed.add(body);
    if (isCopied(body)) open.push(...usedBy(body));
  }
  return [...needed].sort();
}

/** Whether a function of the first part is copied to the parts that use it. @param {string} body */
function isCopied(body) {
  return body.length < MAX_COPIED_LENGTH;
}

/**
 * Returns the names of the functions of each part.
 *
 * @param {Map<string, string>} functions
 * @param {string[]} roots - Exports and elements.
 * @param {Boundary[]} boundaries
 */
function partition(functions, roots, boundaries) {
  const reached = boundaries.map((_, index) => reachable(functions, roots, boundaries.slice(index)));
  return [...reached, new Set(functions.keys())].map((names, index, sets) =>
    [...names].filter((name) => !sets[index - 1]?.has(name)),
  );
}

/**
 * Returns the functions that are reachable without those of the parts.
 *
 * @param {Map<string, string>} functions
 * @param {string[]} roots - Exports and elements.
 * @param {Boundary[]} boundaries - Those of the parts.
 */
function reachable(functions, roots, boundaries) {
  /** @type {Set<string>} */
  const reached = new Set();
  const isRoot = (/** @type {string} */ name) => boundaries.some(({ roots }) => roots.test(plain(name)));
  const isCall = (/** @type {string} */ name) => boundaries.some(({ calls }) => calls?.test(plain(name)));
  // The name of a closure's shim does not say what it calls.
  const isMoved = (/** @type {string} */ name) =>
    isRoot(name) || (name.includes(SHIM) && usedBy(functions.get(name) ?? "").some(isRoot));
  const names = roots.flatMap((item) => item.match(new RegExp(NAME, "g")) ?? []);
  const open = names.filter((name) => !isMoved(name));
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const body = functions.get(name);
    if (body === undefined || reached.has(name)) continue;
    reached.add(name);
    open.push(...usedBy(body).filter((used) => !isCall(used)));
  }
  return reached;
}

/** Returns the functions that a function or an export refers to. @param {string} item */
function usedBy(item) {
  return Array.from(item.matchAll(USED), ([, name = ""]) => name);
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

/** @param {string} body - The body of a function. */
function nameOf(body) {
  return body.match(FUNCTION)?.[1] ?? "";
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
