// @ts-check
// Measures what a page loads for a client.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

/**
 * Returns the size of the WebAssembly and the JavaScript that a page loads first, in bytes after brotli compression.
 *
 * @param {string} folder - The package.
 */
export async function firstLoad(folder) {
  const [wasm, script] = await Promise.all([
    compressedSize(join(folder, "browser_use_skills_bg.wasm")),
    compressedSize(join(folder, "index.js")),
  ]);
  return { wasm, script, total: wasm + script };
}

/** @param {string} file */
async function compressedSize(file) {
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  return brotliCompressSync(await readFile(file), options).length;
}
