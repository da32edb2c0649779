// @ts-check
/** Measures the bytes that a page loads for one client and one call. */
import { readdir, readFile } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
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

/** A static import in minified code. */
const IMPORT = /(?:from|import)"(\.[^"]+)"/g;

/** Reads the files that one call loads: not the later parts of the WebAssembly, nor scripts that are imported on demand. */
async function filesOf(/** @type {{ script: string, assets: string }} */ { script, assets }) {
  const names = await readdir(assets).catch(() => []);
  const wasm = names.filter((name) => extname(name) === ".wasm" && !/extra|batch/.test(name));
  /** @type {Map<string, Buffer>} */
  const scripts = new Map();
  const add = async (/** @type {string} */ file) => {
    if (scripts.has(file)) return;
    const bytes = await readFile(file);
    scripts.set(file, bytes);
    for (const [, name] of bytes.toString().matchAll(IMPORT)) await add(join(dirname(file), name));
  };
  await add(script);
  return {
    wasm: await Promise.all(wasm.map((name) => readFile(join(assets, name)))),
    script: [...scripts.values()],
  };
}

/** @param {number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
