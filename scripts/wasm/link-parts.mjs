// @ts-check
import { writeFile } from "node:fs/promises";
import { patch } from "./patch.mjs";

/** The smallest WebAssembly module: its magic number and version. */
const EMPTY_MODULE = Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

/**
 * Exports a function that links a later part of the WebAssembly to the current instance of the first, and writes later
 * parts without content, which `split.mjs` replaces.
 *
 * @param {string} glue - The JavaScript, modified in place.
 * @param {string[]} later - Where to write the later parts.
 */
export async function linkParts(glue, later) {
  await patch(
    glue,
    (script) => `${script}
export function link(module) {
    new WebAssembly.Instance(module, { ...__wbg_get_imports(), first: wasm });
}
`,
  );
  const types = glue.replace(/\.js$/, ".d.ts");
  await patch(types, (text) => `${text}\nexport function link(module: WebAssembly.Module): void;\n`);
  for (const part of later) await writeFile(part, EMPTY_MODULE);
}
