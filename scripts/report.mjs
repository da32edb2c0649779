// @ts-check
/** Writes npm/report.md and docs/rust-api.txt: the public APIs, so that changes to them are visible in review. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildPackage } from "./build.mjs";
import { isMain, root } from "./lib/run.mjs";
import { rustApi, rustApiFile } from "./lib/rust-api.mjs";
import { setup } from "./setup.mjs";

const HELP = `Usage: node scripts/report.mjs

Installs the required tools, builds the package and writes npm/report.md and docs/rust-api.txt: the public APIs of the npm package
and of the Rust crate. Tests compare them with the packed package and with the crate.`;

/** The path of the report. */
export const reportFile = join(root, "npm", "report.md");

/**
 * Lists the files of a package and all of its types, without comments.
 *
 * @param {string} folder - Where it is built or installed.
 */
export async function report(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    // The hash differs between builds.
    .map((name) => name.replace(/^cli\/shared\.\w+/, "cli/shared.<hash>"))
    .sort();
  const parts = ["# The package", "Written by `npm run report`; never by hand.", "## Files"];
  parts.push(fenced("", files.join("\n")), "## Types");
  for (const file of files.filter((name) => name.endsWith(".d.ts"))) {
    const types = signatures(await readFile(join(folder, file), "utf8"));
    if (types !== "export {};") parts.push(`### ${file}`, fenced("ts", types));
  }
  return `${parts.join("\n\n")}\n`;
}

/** @param {string} types */
function signatures(types) {
  return types
    .replace(/^ *\/\*\*[\s\S]*?\*\/\n/gm, "")
    .replace(/^\/\/# sourceMappingURL.*$/m, "")
    .trim();
}

/** @param {string} language @param {string} text */
function fenced(language, text) {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

if (isMain(import.meta.url)) {
  if (process.argv.includes("--help")) console.log(HELP);
  else {
    await setup(["build"]);
    await buildPackage();
    await writeFile(reportFile, await report(join(root, "pkg")));
    await writeFile(rustApiFile, await rustApi());
  }
}
