// @ts-check
/** Launches the oldest Chromium that the package supports. */
import { existsSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import { root } from "../../scripts/lib/run.mjs";
import { launchBrowser } from "./browser.mjs";
import { installProject } from "./consumers/project.mjs";

/** The reason for which tests in it are skipped, if they are. */
export const OLDEST_SKIPPED =
  process.platform === "linux" && process.arch === "x64" ? false : "compiled for Linux on x64 only";

export async function launchOldestChromium() {
  const folder = await installProject("oldest-chromium", join(root, "tests", "browser", "oldest"));
  const program = join(folder, "chromium");
  if (!existsSync(program)) {
    const compressed = await readFile(join(folder, "node_modules/@sparticuz/chromium/bin/chromium.br"));
    const bytes = await promisify(brotliDecompress)(compressed);
    await writeFile(`${program}.part`, bytes, { mode: 0o755 });
    await rename(`${program}.part`, program);
  }
  return launchBrowser(program);
}
