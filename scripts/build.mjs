// @ts-check
/**
 * Makes pkg/, the npm package: types and errors from the Rust tables, the client and the emulator as WebAssembly, the
 * JavaScript in front of them bundled, the type definitions.
 */
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { isMain, root, run } from "./lib/run.mjs";
import { shortenNames } from "./lib/shorten.mjs";
import { toolEnvironment } from "./lib/tools.mjs";

const HELP = `Usage: node scripts/build.mjs [--force]

Builds pkg/, the npm package. Does nothing when pkg/ is newer than everything it is made of, unless --force is given.`;

const INPUTS = [
  "src",
  "macros",
  "emulator/src",
  "emulator/Cargo.toml",
  "xtask",
  "npm",
  "scripts/build.mjs",
  "scripts/lib/shorten.mjs",
  "Cargo.lock",
];
const ALSO_IN_PACKAGE = ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"];

/** The features that every engine has which can load the rest; wasm-opt must not bring in others. */
const WASM_FEATURES = [
  "bulk-memory",
  "bulk-memory-opt",
  "multivalue",
  "mutable-globals",
  "nontrapping-float-to-int",
  "reference-types",
  "sign-ext",
];

const wasms = [
  { crate: ".", folder: "client", name: "browser_use_skills", flags: ["--features", "js"] },
  { crate: "emulator", folder: "emulator", name: "browser_use_skills_emulator", flags: [] },
];

/** @param {{ force?: boolean }} [options] */
export async function buildPackage({ force = false } = {}) {
  if (!force && (await isCurrent())) {
    console.log("pkg/ is up to date");
    return;
  }
  await run("cargo", ["run", "--quiet", "-p", "xtask"]);
  const pkg = join(root, "pkg");
  await rm(pkg, { recursive: true, force: true });
  await mkdir(pkg);
  for (const wasm of wasms) await buildWasm(wasm, pkg);
  await bundle(pkg);
  await run("tsc", ["-p", "npm/tsconfig.json"], { env: toolEnvironment() });
  for (const file of ALSO_IN_PACKAGE) await cp(join(root, file), join(pkg, file));
  await writeManifest(pkg);
}

/** @param {typeof wasms[number]} wasm @param {string} pkg */
async function buildWasm({ crate, folder, name, flags }, pkg) {
  const out = join(root, "dist", folder);
  const env = toolEnvironment();
  // Panic messages name source files: without this, with the folders of whoever built it.
  env.RUSTFLAGS =
    `${env.RUSTFLAGS ?? ""} --remap-path-prefix=${root}=. --remap-path-prefix=${env.HOME}=~`.trim();
  env.CARGO_TARGET_DIR = join(root, "target", "wasm");
  await run(
    "wasm-pack",
    [
      "build",
      crate,
      "--mode",
      "no-install",
      "--target",
      "web",
      "--release",
      "--no-pack",
      "--out-dir",
      out,
      ...flags,
    ],
    { env },
  );
  const features = WASM_FEATURES.map((feature) => `--enable-${feature}`);
  const file = `${name}_bg.wasm`;
  await shortenNames(join(out, file), join(out, `${name}.js`), features, env);
  await run(
    "wasm-opt",
    [
      ...["-Oz", "--flatten", "--rereloop", "-Oz", "--converge"],
      "--strip-debug",
      "--strip-producers",
      ...features,
      join(out, file),
      "-o",
      join(pkg, file),
    ],
    { env },
  );
}

/** @param {string} pkg */
async function bundle(pkg) {
  const source = join(root, "npm", "src");
  await build({
    entryPoints: ["index", "node", "emulator", "emulator.node", "journal"].map((name) =>
      join(source, `${name}.ts`),
    ),
    outdir: pkg,
    bundle: true,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    external: ["node:*"],
    minify: true,
    sourcemap: true,
    alias: {
      "wasm-client": join(root, "dist/client/browser_use_skills.js"),
      "wasm-emulator": join(root, "dist/emulator/browser_use_skills_emulator.js"),
    },
    logLevel: "warning",
  });
}

/** @param {string} pkg */
async function writeManifest(pkg) {
  const manifest = JSON.parse(await readFile(join(root, "npm", "package.json"), "utf8"));
  const cargo = await readFile(join(root, "Cargo.toml"), "utf8");
  const fact = (/** @type {string} */ key) => cargo.match(new RegExp(`^${key} = "(.+)"`, "m"))?.[1];
  const { name, description, ...rest } = manifest;
  const repository = { type: "git", url: `git+${fact("repository")}.git` };
  const whole = { name, version: fact("version"), description, repository, ...rest };
  await writeFile(join(pkg, "package.json"), `${JSON.stringify(whole, null, 2)}\n`);
}

async function isCurrent() {
  const made = await stat(join(root, "pkg", "package.json")).then(
    (found) => found.mtimeMs,
    () => 0,
  );
  const newest = await Promise.all(
    [...INPUTS, ...ALSO_IN_PACKAGE].map((name) => newestChange(join(root, name))),
  );
  return newest.every((time) => time < made);
}

/** @param {string} path @returns {Promise<number>} */
async function newestChange(path) {
  const found = await stat(path);
  if (!found.isDirectory()) return found.mtimeMs;
  const names = await readdir(path);
  const times = await Promise.all(names.map((name) => newestChange(join(path, name))));
  return Math.max(0, ...times);
}

if (isMain(import.meta.url)) {
  const flags = process.argv.slice(2);
  if (flags.includes("--help")) console.log(HELP);
  else await buildPackage({ force: flags.includes("--force") });
}
