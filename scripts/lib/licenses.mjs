// @ts-check
// The licenses of the npm packages that the bundles contain.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Returns the folders of the npm packages among bundled files. @param {string[]} files */
export function packageFolders(files) {
  const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
  return [...new Set(files.flatMap((file) => folder.exec(file)?.[0] ?? []))].sort();
}

/**
 * Returns the names, versions and license texts of packages.
 *
 * @param {string[]} folders
 * @throws `Error` A package has no license file.
 */
export async function licenseTexts(folders) {
  const texts = await Promise.all(
    folders.map(async (folder) => {
      const { name, version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
      const file = (await readdir(folder)).find((file) => /^licen[cs]e/i.test(file));
      if (file === undefined) throw new Error(`${name} has no license file`);
      return `${name} ${version}\n\n${(await readFile(join(folder, file), "utf8")).trim()}\n`;
    }),
  );
  return [...new Set(texts)].join(`\n${"-".repeat(80)}\n\n`);
}
