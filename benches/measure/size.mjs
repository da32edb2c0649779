// @ts-check
/** Measures the bytes that a page loads for one client and one call. */
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { bundles } from "../lib/programs.mjs";
import { interleave } from "../lib/rounds.mjs";

/** @type {Record<string, (bytes: Buffer) => number>} */
const FORMS = {
  minified: (bytes) => bytes.length,
  gzip: (bytes) => gzipSync(bytes, { level: 9 }).length,
  brotli: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length,
};

/** @type {import("../run.mjs").Measure} */
export function measure({ names }) {
  return interleave(names, 1, async (name) => {
    /** @type {Record<string, number>} */
    const figures = {};
    for (const [bundler, bundle] of Object.entries(bundles(name))) {
      const { wasm, script } = await filesOf(bundle);
      for (const [form, size] of Object.entries(FORMS)) {
        const sizes = { wasm: sum(wasm.map(size)), JavaScript: sum(script.map(size)) };
        // Both bundlers copy the same WebAssembly file, so it is listed once.
        if (bundler === "esbuild") figures[`wasm, ${form} (bytes)`] = sizes.wasm;
        figures[`JavaScript, ${bundler}, ${form} (bytes)`] = sizes.JavaScript;
        figures[`together, ${bundler}, ${form} (bytes)`] = sizes.wasm + sizes.JavaScript;
      }
    }
    return figures;
  });
}

/** @param {{ folder: string, script?: string }} bundle - Without `script`, all scripts of the folder. */
async function filesOf({ folder, script }) {
  const names = await readdir(folder, { recursive: !script });
  const read = (/** @type {string[]} */ names) =>
    Promise.all(names.map((name) => readFile(join(folder, name))));
  return {
    wasm: await read(names.filter((name) => extname(name) === ".wasm")),
    script: await read(names.filter((name) => (script ? name === script : extname(name) === ".js"))),
  };
}

/** @param {number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
