// @ts-check
import { createHash } from "node:crypto";
import { appendFile, readFile } from "node:fs/promises";

/**
 * Writes the same id into all parts of a module, by which the JavaScript recognizes parts of another version.
 *
 * @param {string[]} files - Modified in place.
 */
export async function writeId(files) {
  const parts = await Promise.all(files.map((file) => readFile(file)));
  const id = createHash("sha256").update(Buffer.concat(parts)).digest("hex").slice(0, 8);
  // A custom section: 0, length, length of the name, name, content.
  const section = Buffer.concat([Buffer.from([0, 3 + id.length, 2]), Buffer.from(`id${id}`)]);
  for (const file of files) await appendFile(file, section);
}

/** Returns the id of a module. @param {string} file */
export async function idOf(file) {
  const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(await readFile(file)), "id");
  return new TextDecoder().decode(section);
}
