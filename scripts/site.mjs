// @ts-check
/** Builds dist/site/, the playground as static files, from www/ and the packed package. */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { buildPackage } from "./build.mjs";
import { isCurrent } from "./lib/current.mjs";
import { capture, isMain, root, run } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

const HELP = `Usage: node scripts/site.mjs

Installs the required tools, builds the package and the playground, and writes dist/site/: static files that work under any path.`;

export const SITE = join(root, "dist", "site");

const INPUTS = ["www", "pkg", "contract", "package-lock.json", "scripts/site.mjs"];

/** Requires pkg/ and the npm packages. Does nothing if dist/site/ is newer than its inputs. */
export async function buildSite() {
  if (await isCurrent("dist/site/index.html", INPUTS)) return;
  const { build } = await import("vite");
  await unpackPackage();
  await build({ configFile: join(root, "www", "vite.config.ts"), logLevel: "warn" });
}

/** Installs the packed package for Vite, which then resolves it through its `exports`. */
async function unpackPackage() {
  const installed = join(root, "www", "node_modules", "browser-use-skills");
  const folder = join(root, "dist", "packed");
  for (const path of [installed, folder]) {
    await rm(path, { recursive: true, force: true });
    await mkdir(path, { recursive: true });
  }
  const packed = await capture("npm", ["pack", join(root, "pkg"), "--pack-destination", folder, "--json"]);
  if (packed === null) throw new Error("pkg/ could not be packed: run `npm run build` first");
  const [{ filename }] = JSON.parse(packed);
  await run("tar", ["-xzf", join(folder, filename), "--strip-components=1", "-C", installed]);
}

async function main() {
  await setup(["build"]);
  await buildPackage();
  await buildSite();
}

if (isMain(import.meta.url)) {
  if (process.argv.includes("--help")) console.log(HELP);
  else {
    await main().catch((error) => {
      console.error(`site: ${error.message}`);
      process.exitCode = 1;
    });
  }
}
