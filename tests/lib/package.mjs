// @ts-check
/** The package as a stranger gets it: packed, then installed into an empty project. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { capture, root, run } from "../../scripts/lib/run.mjs";

/** @returns {Promise<{ folder: string, tarball: string, installed: string, remove: () => Promise<void> }>} */
export async function installPackage() {
  const folder = await mkdtemp(join(tmpdir(), "browser-use-skills-"));
  const packed = await capture("npm", ["pack", join(root, "pkg"), "--pack-destination", folder, "--json"]);
  const [{ filename }] = JSON.parse(packed ?? "[]");
  await writeFile(
    join(folder, "package.json"),
    JSON.stringify({ name: "stranger", private: true, type: "module" }),
  );
  await run("npm", ["install", "--silent", "--offline", `./${filename}`], { cwd: folder });
  const installed = join(folder, "node_modules", "browser-use-skills");
  return {
    folder,
    tarball: join(folder, filename),
    installed,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The same with its entry points loaded, as Node resolves them. */
export async function importPackage() {
  const stranger = await installPackage();
  const entry = (/** @type {string} */ name) => pathToFileURL(join(stranger.installed, name)).href;
  /** @type {typeof import("browser-use-skills")} */
  const library = await import(entry("node.js"));
  /** @type {typeof import("browser-use-skills/emulator")} */
  const emulation = await import(entry("emulator.node.js"));
  /** @type {typeof import("browser-use-skills/journal")} */
  const journals = await import(entry("journal.js"));
  /** @type {typeof import("browser-use-skills/proxy")} */
  const proxies = await import(entry("proxy.js"));
  return { ...stranger, library, emulation, journals, proxies };
}
