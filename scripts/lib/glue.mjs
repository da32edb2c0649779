// @ts-check
/** Patches the JavaScript that wasm-bindgen generates. Each patch fails if the expected code is missing. */
import { readFile, writeFile } from "node:fs/promises";
import { capture } from "./run.mjs";

/**
 * Shortens the names of imports and exports in a WebAssembly module and in its JavaScript. Each import's name ends in a
 * hash, which does not compress and occurs in both.
 *
 * @param {string} wasm - The module, modified in place.
 * @param {string} glue - Its JavaScript, modified in place.
 * @param {string[]} features - Feature flags for wasm-opt.
 * @param {NodeJS.ProcessEnv} env
 */
export async function shortenNames(wasm, glue, features, env) {
  const pass = "--minify-imports-and-exports-and-modules";
  const printed = await capture("wasm-opt", [pass, "--debuginfo", ...features, wasm, "-o", wasm], { env });
  if (printed === null) throw new Error(`wasm-opt could not shorten the names of ${wasm}`);
  /** @type {{ imports: Array<[string, string, string]>, exports: Array<[string, string]> }} */
  const { imports, exports } = JSON.parse(printed);
  let script = await readFile(glue, "utf8");
  // Passes functions of our JavaScript snippets directly. Each is imported from its snippet.
  const snippets = [];
  for (const [module, name, short] of imports) {
    if (module.startsWith("./snippets/")) snippets.push(`${short}: import1.${name}`);
    else script = replace(script, `        ${name}: function(`, `        ${short}: function(`);
  }
  if (snippets.length > 0) {
    script = replaceAll(script, /^import \* as import(?!1 )\d+ from .*\n/gm, "");
    script = replaceAll(script, /^ *"\.\/snippets\/.*": import\d+,\n/gm, "");
  }
  script = replaceAll(script, /"\.\/.*_bg\.js": import0/g, `a: { ...import0, ${snippets.join(", ")} }`);
  const shortOf = new Map(exports);
  script = script.replace(/\bwasm\.([\w$]+)/g, (match, name) => `wasm.${shortOf.get(name) ?? fail(match)}`);
  await writeFile(glue, script);
}

/**
 * Reports crashes in callbacks, and ignores callbacks (such as timers) of a crashed instance. In both cases
 * wasm-bindgen would throw an uncaught error, which ends a Node process.
 *
 * @param {string} glue - The JavaScript, modified in place.
 */
export async function reportCrashes(glue) {
  let script = await readFile(glue, "utf8");
  script = replaceAll(
    script,
    /(?<=\.\.\.args\);\n {8}\}) finally \{/g,
    " catch (error) { crashed(error); } finally {",
  );
  script = replaceAll(
    script,
    /throw new Error\('Cannot invoke closure from previous WASM instance'\);/g,
    "return;",
  );
  script = replaceAll(
    script,
    /(?<=if \(--state\.cnt === 0)\) \{/g,
    " && state.instance === __wbg_instance_id) {",
  );
  await writeFile(glue, `import { crashed } from "crash";\n${script}`);
}

/**
 * Lets `initSync` accept modules of another realm, such as those that Next.js passes to an edge route: they are not
 * instances of this realm's `WebAssembly.Module`. Callers compile anything else before.
 *
 * @param {string} glue - The JavaScript, modified in place.
 */
export async function acceptForeignModules(glue) {
  const script = await readFile(glue, "utf8");
  const compiles =
    /^ *if \(!\(module instanceof WebAssembly\.Module\)\) \{\n.*\n *\}\n(?= *const instance)/gm;
  await writeFile(glue, replaceAll(script, compiles, ""));
}

/**
 * Exports a function that links the second part of the WebAssembly to the current instance of the first: see `split.mjs`.
 *
 * @param {string} glue - The JavaScript, modified in place.
 */
export async function linkParts(glue) {
  const script = await readFile(glue, "utf8");
  const link = `export function link(module) {
    new WebAssembly.Instance(module, { ...__wbg_get_imports(), first: wasm });
}`;
  await writeFile(glue, `${script}\n${link}\n`);
  const types = glue.replace(/\.js$/, ".d.ts");
  const declaration = "export function link(module: WebAssembly.Module): void;";
  await writeFile(types, `${await readFile(types, "utf8")}\n${declaration}\n`);
}

/** @param {string} text @param {string} from @param {string} to */
function replace(text, from, to) {
  return text.split(from).length === 2 ? text.replace(from, () => to) : fail(from);
}

/** @param {string} text @param {RegExp} from @param {string} to */
function replaceAll(text, from, to) {
  return text.search(from) < 0 ? fail(String(from)) : text.replace(from, () => to);
}

/** @param {string} name @returns {never} */
function fail(name) {
  throw new Error(`unexpected JavaScript from wasm-bindgen: ${name}`);
}
