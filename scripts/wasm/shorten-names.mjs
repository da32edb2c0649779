// @ts-check
import { capture } from "../lib/run.mjs";
import { toolEnvironment } from "../lib/tools.mjs";
import { FEATURE_FLAGS } from "./features.mjs";
import { fail, patch, replace, replaceAll } from "./patch.mjs";

/**
 * Shortens the names of imports and exports in a WebAssembly module and in its JavaScript. Each import's name ends in a
 * hash, which does not compress and occurs in both.
 *
 * @param {string} file - The module, modified in place.
 * @param {string} glue - Its JavaScript, modified in place.
 */
export async function shortenNames(file, glue) {
  const pass = "--minify-imports-and-exports-and-modules";
  const printed = await capture("wasm-opt", [pass, "--debuginfo", ...FEATURE_FLAGS, file, "-o", file], {
    env: toolEnvironment(),
  });
  if (printed === null) throw new Error(`wasm-opt could not shorten the names of ${file}`);
  /** @type {{ imports: Array<[module: string, name: string, short: string]>, exports: Array<[string, string]> }} */
  const { imports, exports } = JSON.parse(printed);
  await patch(glue, (script) => renameExports(renameImports(script, imports), new Map(exports)));
}

/**
 * Merges all imports into one module, `a`. wasm-bindgen defines its own in the object `import0`, and imports the file of
 * each function of our JavaScript once: `import * as import1 from "./snippets/…/wait.js"`.
 *
 * @param {string} script
 * @param {Array<[module: string, name: string, short: string]>} imports
 */
function renameImports(script, imports) {
  const ours = imports.filter(([module]) => module.startsWith("./snippets/"));
  const files = [...new Set(ours.map(([module]) => module))];
  let renamed = script;
  for (const [module, name, short] of imports) {
    if (!files.includes(module))
      renamed = replace(renamed, `        ${name}: function(`, `        ${short}: function(`);
  }
  if (ours.length > 0) {
    renamed = replaceAll(renamed, /^import \* as import\d+ from .*\n/gm, "");
    renamed = replaceAll(renamed, /^ *"\.\/snippets\/.*": import\d+,\n/gm, "");
  }
  const functions = ours.map(([module, name, short]) => `${short}: file${files.indexOf(module)}.${name}`);
  const merged = ["...import0", ...functions].join(", ");
  renamed = replaceAll(renamed, /"\.\/.*_bg\.js": import0/g, `a: { ${merged} }`);
  return files.map((file, index) => `import * as file${index} from "${file}";\n`).join("") + renamed;
}

/** @param {string} script @param {Map<string, string>} shortOf */
function renameExports(script, shortOf) {
  return script.replace(/\bwasm\.([\w$]+)/g, (match, name) => `wasm.${shortOf.get(name) ?? fail(match)}`);
}
