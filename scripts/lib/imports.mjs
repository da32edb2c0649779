// @ts-check
/** Which source files import which, as far as their text says, and the circles among them. */
import { readFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { capture, root } from "./run.mjs";

/** @typedef {Map<string, Set<string>>} Graph - Each file and the files that it imports. */

/** Generated code, tests and build outputs are not part of the design. */
const LEFT_OUT = /(^|\/)(tests?|node_modules|generated|examples|benches|target|dist|pkg)\//;

/** @returns {Promise<Graph>} */
export async function importGraph() {
  const listed = (await capture("git", ["ls-files"], { cwd: root })) ?? "";
  const files = new Set(listed.split("\n").filter((file) => !LEFT_OUT.test(file)));
  /** @type {Graph} */
  const graph = new Map();
  for (const file of files) {
    const find = file.endsWith(".rs")
      ? importsOfRust
      : /\.(ts|tsx|mjs|js)$/.test(file)
        ? importsOfScript
        : null;
    if (!find) continue;
    const text = await readFile(join(root, file), "utf8");
    const found = find(file, text, files).filter((other) => other !== file);
    graph.set(file, new Set(found));
  }
  return graph;
}

/** @param {string} file @param {string} text @param {Set<string>} files */
function importsOfScript(file, text, files) {
  const paths = text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]*)"/g);
  return Array.from(paths, ([, path = ""]) => normalize(join(dirname(file), path))).flatMap((path) => {
    const names = [
      path,
      path.replace(/\.js$/, ".ts"),
      path.replace(/\.jsx?$/, ".tsx"),
      `${path}.ts`,
      `${path}.tsx`,
    ];
    return names.find((name) => files.has(name)) ?? [];
  });
}

/** Façades are left out: a `mod.rs` declares and exports its modules. @param {string} file @param {string} text @param {Set<string>} files */
function importsOfRust(file, text, files) {
  const source = file.slice(0, file.indexOf("src/") + 4);
  if (source.length < 4) return [];
  const inside = file.slice(source.length).replace(/\.rs$/, "").split("/");
  const own = /^(mod|lib|main)$/.test(inside.at(-1) ?? "") ? inside.slice(0, -1) : inside;
  const code = text.replace(/\/\/.*$/gm, "");
  return Array.from(code.matchAll(/^\s*use ((?:crate|super|self)::[^;]+);/gm), ([, path = ""]) => path)
    .flatMap(expand)
    .flatMap((path) => {
      const steps = path.split("::");
      const from = steps[0] === "crate" ? [] : steps[0] === "self" ? own : own.slice(0, -1);
      const rest = steps.slice(1);
      while (rest[0] === "super") {
        from.pop();
        rest.shift();
      }
      for (let length = rest.length; length > 0; length -= 1) {
        const module = source + [...from, ...rest.slice(0, length)].join("/");
        if (files.has(`${module}.rs`)) return [`${module}.rs`];
      }
      return [];
    });
}

/** `a::{b, c::{d, e}}` as `a::b`, `a::c::d`, `a::c::e`. @param {string} path @returns {string[]} */
function expand(path) {
  const open = path.indexOf("{");
  if (open < 0) return [path.trim().replace(/ as \w+$/, "")];
  const head = path.slice(0, open);
  /** @type {string[]} */
  const parts = [];
  let depth = 0;
  let part = "";
  for (const char of path.slice(open + 1, path.lastIndexOf("}"))) {
    if (char === "{") depth += 1;
    if (char === "}") depth -= 1;
    if (char === "," && depth === 0) {
      parts.push(part);
      part = "";
    } else part += char;
  }
  return [...parts, part].filter((one) => one.trim()).flatMap((one) => expand(head + one.trim()));
}

/**
 * The groups of files that import each other, directly or through others (Tarjan's strongly connected components).
 *
 * @param {Graph} graph
 * @returns {string[][]}
 */
export function circlesOf(graph) {
  /** @type {Map<string, { index: number, low: number }>} */
  const seen = new Map();
  /** @type {string[]} */
  const stack = [];
  /** @type {string[][]} */
  const circles = [];
  /** @param {string} file */
  const visit = (file) => {
    const own = { index: seen.size, low: seen.size };
    seen.set(file, own);
    stack.push(file);
    for (const other of graph.get(file) ?? []) {
      const found = seen.get(other) ?? (graph.has(other) ? visit(other) : undefined);
      if (found && stack.includes(other)) own.low = Math.min(own.low, found.low);
    }
    if (own.low === own.index) {
      const circle = stack.splice(stack.indexOf(file));
      if (circle.length > 1) circles.push(circle.sort());
    }
    return own;
  };
  for (const file of graph.keys()) if (!seen.has(file)) visit(file);
  return circles;
}
