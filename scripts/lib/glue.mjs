// @ts-check
/** Changes to the JavaScript that wasm-bindgen writes. Each fails when that is not as it was. */
import { readFile, writeFile } from "node:fs/promises";
import { capture } from "./run.mjs";

/**
 * Gives the imports and exports of a wasm short names, in the wasm and in its JavaScript alike: each import's name ends
 * in a hash, which no compressor can shorten, twice.
 *
 * @param {string} wasm the file, which is changed
 * @param {string} glue its JavaScript, which is changed
 * @param {string[]} features flags for wasm-opt
 * @param {NodeJS.ProcessEnv} env
 */
export async function shortenNames(wasm, glue, features, env) {
  const pass = "--minify-imports-and-exports-and-modules";
  const printed = await capture("wasm-opt", [pass, "--debuginfo", ...features, wasm, "-o", wasm], { env });
  if (printed === null) throw new Error(`wasm-opt could not shorten the names of ${wasm}`);
  /** @type {{ imports: Array<[string, string, string]>, exports: Array<[string, string]> }} */
  const { imports, exports } = JSON.parse(printed);
  let script = await readFile(glue, "utf8");
  // Functions of a file of our own are handed over as they are, each with an import of that file.
  const handed = [];
  for (const [module, name, short] of imports) {
    if (module.startsWith("./snippets/")) handed.push(`${short}: import1.${name}`);
    else script = replace(script, `        ${name}: function(`, `        ${short}: function(`);
  }
  if (handed.length > 0) {
    script = replaceAll(script, /^import \* as import(?!1 )\d+ from .*\n/gm, "");
    script = replaceAll(script, /^ *"\.\/snippets\/.*": import\d+,\n/gm, "");
  }
  script = replaceAll(script, /"\.\/.*_bg\.js": import0/g, `a: { ...import0, ${handed.join(", ")} }`);
  const shortOf = new Map(exports);
  script = script.replace(/\bwasm\.([\w$]+)/g, (whole, name) => `wasm.${shortOf.get(name) ?? fail(whole)}`);
  await writeFile(glue, script);
}

/**
 * Reports a crash where JavaScript entered the wasm by a callback, and lets callbacks of a crashed instance, a timer's
 * perhaps, do nothing. wasm-bindgen would throw into the void both times: in Node that ends the process.
 *
 * @param {string} glue the JavaScript, which is changed
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
 * Lets `initSync` take modules of another realm, which are not instances of the class here: those that Next.js hands to
 * an edge route. What is no module has been compiled before.
 *
 * @param {string} glue the JavaScript, which is changed
 */
export async function takeModules(glue) {
  const script = await readFile(glue, "utf8");
  const compiles =
    /^ *if \(!\(module instanceof WebAssembly\.Module\)\) \{\n.*\n *\}\n(?= *const instance)/gm;
  await writeFile(glue, replaceAll(script, compiles, ""));
}

/**
 * Lets JavaScript link the second part of the WebAssembly to the current instance of the first: see `split.mjs`.
 *
 * @param {string} glue the JavaScript, which is changed
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
  throw new Error(`wasm-bindgen's JavaScript is not as expected: ${name}`);
}
