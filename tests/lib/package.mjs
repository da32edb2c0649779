// @ts-check
/** Packs the package and installs it into an empty project, as users do. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { capture, root, run } from "../../scripts/lib/run.mjs";

/** @returns {Promise<{ projectFolder: string, packageFolder: string, tarball: string, remove: () => Promise<void> }>} */
export async function installPackage() {
  const projectFolder = await mkdtemp(join(tmpdir(), "browser-use-skills-"));
  const packed = await capture("npm", [
    "pack",
    join(root, "pkg"),
    "--pack-destination",
    projectFolder,
    "--json",
  ]);
  const [{ filename }] = JSON.parse(packed ?? "[]");
  await writeFile(
    join(projectFolder, "package.json"),
    JSON.stringify({ name: "installed-package", private: true, type: "module" }),
  );
  await run("npm", ["install", "--silent", "--offline", `./${filename}`], { cwd: projectFolder });
  return {
    projectFolder,
    packageFolder: join(projectFolder, "node_modules", "browser-use-skills"),
    tarball: join(projectFolder, filename),
    remove: () => rm(projectFolder, { recursive: true, force: true }),
  };
}

/** Installs the package and imports its entry points for Node. */
export async function importPackage() {
  const installed = await installPackage();
  const entry = (/** @type {string} */ name) => pathToFileURL(join(installed.packageFolder, name)).href;
  /** @type {typeof import("browser-use-skills")} */
  const library = await import(entry("node.js"));
  /** @type {typeof import("browser-use-skills/emulator")} */
  const emulation = await import(entry("emulator.node.js"));
  /** @type {typeof import("browser-use-skills/journal")} */
  const journals = await import(entry("journal.js"));
  /** @type {typeof import("browser-use-skills/proxy")} */
  const proxies = await import(entry("proxy.js"));
  /** @type {typeof import("browser-use-skills/batch")} */
  const batches = await import(entry("batch.js"));
  return { ...installed, library, emulation, journals, proxies, batches };
}
