// @ts-check
// Checks whether a tag can be released: `node scripts/release.mjs v1.2.3`.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isMain, root } from "./lib/run.mjs";

/**
 * Rejects unless the tag, the version in Cargo.toml and the changelog agree.
 *
 * @param {string} tag
 */
export async function checkRelease(tag) {
  const cargo = await readFile(join(root, "Cargo.toml"), "utf8");
  const version = cargo.match(/^version = "(.+)"$/m)?.[1];
  if (tag !== `v${version}`) throw new Error(`The tag ${tag} is not v${version}, the version in Cargo.toml`);
  const changelog = await readFile(join(root, "CHANGELOG.md"), "utf8");
  const heading = new RegExp(`^## \\[?${version?.replaceAll(".", "\\.")}\\]? - \\d{4}-\\d{2}-\\d{2}$`, "m");
  if (!heading.test(changelog)) {
    throw new Error(`CHANGELOG.md has no heading "## ${version} - <date>"`);
  }
}

if (isMain(import.meta.url)) {
  await checkRelease(process.argv[2] ?? "").catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
