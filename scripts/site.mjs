// @ts-check
/** Makes dist/site/, the playground as static files, from www/ and the packed package. */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { buildPackage } from "./build.mjs";
import { isCurrent } from "./lib/current.mjs";
import { capture, isMain, root, run } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

const HELP = `Usage: node scripts/site.mjs

Installs what it needs, builds the package and the playground, and writes dist/site/: static files that work under any path.`;

export const SITE = join(root, "dist", "site");

const INPUTS = ["www", "pkg", "contract", "package-lock.json", "scripts/site.mjs"];

/** Needs pkg/ and the npm packages. Does nothing when dist/site/ is newer than what it is made of. */
export async function buildSite() {
  if (await isCurrent("dist/site/index.html", INPUTS)) return;
  const { build } = await import("vite");
  await unpackPackage();
  await build({ configFile: join(root, "www", "vite.config.ts"), logLevel: "warn" });
}

/** Puts the package where Vite finds it as it would find anybody's: packed, through its `exports`. */
async function unpackPackage() {
  const installed = join(root, "www", "node_modules", "browser-use-skills");
  const folder = join(root, "dist", "packed");
  for (const made of [installed, folder]) {
    await rm(made, { recursive: true, force: true });
    await mkdir(made, { recursive: true });
  }
  const packed = await capture("npm", ["pack", join(root, "pkg"), "--pack-destination", folder, "--json"]);
  if (packed === null) throw new Error("pkg/ could not be packed: `npm run build` makes it");
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
