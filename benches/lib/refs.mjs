// @ts-check
/** Builds the package of another commit, to compare with it. */
import { existsSync } from "node:fs";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { capture, root, run } from "../../scripts/lib/run.mjs";

const FOLDER = join(root, "target", "bench", "refs");

/**
 * Builds the package of a commit, unless it has been built before, with the scripts of that commit.
 *
 * @param {string} ref - A commit, branch or tag.
 * @returns {Promise<string>} the folder of the package
 */
export async function buildRef(ref) {
  const commit = await capture("git", [
    "rev-parse",
    "--verify",
    "--quiet",
    "--end-of-options",
    `${ref}^{commit}`,
  ]);
  if (!commit) throw new Error(`unknown commit: ${ref}. Fetch it first: a shallow clone lacks older commits`);
  const folder = join(FOLDER, commit);
  const stamp = join(folder, ".built");
  if (!existsSync(stamp)) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const archive = join(FOLDER, `${commit}.tar`);
    await run("git", ["archive", "--output", archive, commit]);
    await run("tar", ["-xf", archive, "-C", folder]);
    await rm(archive);
    // Its setup replaces tools of another version, and ours does so again.
    await symlink(join(root, ".tools"), join(folder, ".tools"), "junction");
    await run("npm", ["run", "build"], { cwd: folder });
    await writeFile(stamp, "");
  }
  return join(folder, "pkg");
}
