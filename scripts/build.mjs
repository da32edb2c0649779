// @ts-check
/**
 * Builds pkg/, the npm package: types and errors generated from the Rust tables, the client and the emulator as
 * WebAssembly, their bundled JavaScript, and the type definitions.
 */
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join, relative } from "node:path";
import { bundle, bundleCli, CLIENT_NAME, EMBEDDED, EMULATOR_NAME, SOURCE } from "./lib/bundle.mjs";
import { isCurrent } from "./lib/current.mjs";
import { licenseTexts, packageFolders } from "./lib/licenses.mjs";
import { isMain, root, run } from "./lib/run.mjs";
import { toolEnvironment } from "./lib/tools.mjs";
import { setup } from "./setup.mjs";
import { OPTIONAL_STEPS, processClient, processEmulator } from "./wasm/pipeline.mjs";

const HELP = `Usage: node scripts/build.mjs [--plain] [--force]

Installs the required tools and builds pkg/, the npm package. Does nothing if pkg/ is newer than its inputs, unless --force is given.

--plain  builds dist/plain/ instead: the same package without minification and without the optional steps of scripts/wasm/`;

const INPUTS = [
  "src",
  "crates",
  "macros",
  "emulator/src",
  "emulator/Cargo.toml",
  "xtask",
  "npm",
  "scripts/build.mjs",
  "scripts/lib/bundle.mjs",
  "scripts/wasm",
  "Cargo.lock",
];
/** ES modules. Each bundles all of its JavaScript and loads the WebAssembly in the way of its platform. */
const ENTRIES = [
  "index",
  "node",
  "inline",
  "workerd",
  "edge",
  "emulator",
  "emulator.node",
  "journal",
  "batch",
  "batch.csv",
  "proxy",
];
/** CommonJS modules, for platforms where `require` cannot load ES modules: source by file name in `commonjs/`. */
const COMMONJS = {
  index: "commonjs",
  emulator: "emulator.commonjs",
  journal: "journal",
  batch: "batch",
  "batch.csv": "batch.csv",
  proxy: "proxy",
};
const ALSO_IN_PACKAGE = ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"];

/** Lets `wasm/data.mjs` find the bounds of each constant. */
const SEPARATE_CONSTANTS = "-Clink-arg=--no-merge-data-segments";

/** The folder of the build without optional steps. */
export const PLAIN = join(root, "dist", "plain");
/** The folders of the clients that panic on demand. */
export const CRASHING = join(root, "dist", "crash");
export const PLAIN_CRASHING = join(root, "dist", "plain-crash");

const CLIENT = { crate: ".", name: CLIENT_NAME, flags: ["--features", "js"] };
const CRASHING_CLIENT = { crate: "tests/crash", name: CLIENT_NAME, flags: [] };
const EMULATOR = { crate: "emulator", name: EMULATOR_NAME, flags: [] };

/** @param {{ force?: boolean, isPlain?: boolean }} [options] */
export async function buildPackage({ force = false, isPlain = false } = {}) {
  const out = isPlain ? PLAIN : join(root, "pkg");
  const name = relative(root, out);
  if (!force && (await isCurrent(join(name, "package.json"), [...INPUTS, ...ALSO_IN_PACKAGE]))) {
    console.log(`${name}/ is up to date`);
    return;
  }
  await run("cargo", ["run", "--quiet", "-p", "xtask"]);
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const leftOut = isPlain ? OPTIONAL_STEPS : [];
  const client = await buildClient(CLIENT, isPlain ? "plain-client" : "client", out, leftOut);
  const emulator = await buildEmulator(isPlain ? "plain-emulator" : "emulator", out, leftOut);
  await bundleAll({ out, client, emulator, isMinified: !isPlain });
  await writeTypes({ out, client, emulator });
  await cp(SOURCE, join(out, "src"), { recursive: true });
  await pointMapsInside(out);
  for (const file of ALSO_IN_PACKAGE) await cp(join(root, file), join(out, file));
  await writeManifest(out);
}

/** Builds a client for tests that panics on demand. @param {{ isPlain?: boolean }} [options] */
export async function buildCrashingClient({ isPlain = false } = {}) {
  const out = isPlain ? PLAIN_CRASHING : CRASHING;
  if (await isCurrent(join(relative(root, out), "index.js"), [...INPUTS, "tests/crash"])) return;
  await mkdir(out, { recursive: true });
  const folder = isPlain ? "plain-crashing-client" : "crashing-client";
  const client = await buildClient(CRASHING_CLIENT, folder, out, isPlain ? OPTIONAL_STEPS : []);
  const target = { out, client, emulator: join(root, "dist", "emulator"), isMinified: !isPlain };
  await bundle(target, { entryPoints: [join(root, "tests", "crash", "index.ts")] });
}

/**
 * Builds the files that a page loads first, for `wasm/measure.mjs`.
 *
 * @param {string[]} leftOut - Names of optional steps.
 * @returns {Promise<string>} the folder
 */
export async function buildFirstLoad(leftOut) {
  const out = join(root, "dist", "first-load");
  await mkdir(out, { recursive: true });
  const client = await buildClient(CLIENT, "first-load-client", out, leftOut);
  const target = { out, client, emulator: join(root, "dist", "emulator"), isMinified: true };
  await bundle(target, { entryPoints: [join(SOURCE, "index.ts")] });
  return out;
}

/** @param {typeof CLIENT} wasm @param {string} folder @param {string} out @param {string[]} leftOut */
async function buildClient(wasm, folder, out, leftOut) {
  const { path, file, glue } = await buildWasm(wasm, folder);
  const later = ["extra", "batch"].map((part) => join(path, `${wasm.name}_${part}_bg.wasm`));
  await processClient({ file, glue, later }, leftOut);
  await copyInto(out, [file, ...later]);
  return path;
}

/** @param {string} folder @param {string} out @param {string[]} leftOut */
async function buildEmulator(folder, out, leftOut) {
  const { path, file, glue } = await buildWasm(EMULATOR, folder);
  await processEmulator({ file, glue }, leftOut);
  await copyInto(out, [file]);
  return path;
}

/** @param {string} folder @param {string[]} files */
async function copyInto(folder, files) {
  for (const file of files) await cp(file, join(folder, basename(file)));
}

/** Runs cargo and wasm-bindgen. @param {typeof CLIENT} wasm @param {string} folder */
async function buildWasm({ crate, name, flags }, folder) {
  const env = toolEnvironment();
  const rustFlags = [...(await remappedPaths()), SEPARATE_CONSTANTS];
  env.RUSTFLAGS = [env.RUSTFLAGS ?? "", ...rustFlags].join(" ").trim();
  env.CARGO_TARGET_DIR = join(root, "target", "wasm");
  const path = join(root, "dist", folder);
  const options = [
    "--mode",
    "no-install",
    "--target",
    "web",
    "--release",
    "--no-pack",
    "--out-name",
    name,
    "--out-dir",
    path,
  ];
  await run("wasm-pack", ["build", crate, ...options, ...flags], { env });
  return { path, file: join(path, `${name}_bg.wasm`), glue: join(path, `${name}.js`) };
}

/** Removes the folders of the build machine from the paths in panic messages. @returns {Promise<string[]>} */
async function remappedPaths() {
  const home = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  const sources = join(home, "registry", "src");
  const registries = await readdir(sources).catch(() => []);
  const crates = registries.map((registry) => [join(sources, registry), "crates"]);
  return [[home, "cargo"], [root, "."], ...crates].map(([from, to]) => `--remap-path-prefix=${from}=${to}`);
}

/** @param {import("./lib/bundle.mjs").Target} target */
async function bundleAll(target) {
  const sources = (/** @type {string[]} */ names) => names.map((name) => join(SOURCE, `${name}.ts`));
  const bundled = await bundle(target, { entryPoints: sources(ENTRIES) });
  await bundle(target, {
    entryPoints: sources(EMBEDDED),
    loader: { ".wasm": "base64" },
    sourcemap: false,
  });
  for (const [name, source] of Object.entries(COMMONJS)) {
    await bundle(target, {
      entryPoints: sources([source]),
      outfile: join(target.out, "commonjs", `${name}.js`),
      inject: [join(SOURCE, "commonjs.globals.ts")],
      format: "cjs",
    });
  }
  bundled.push(...(await bundleCli(target)));
  await writeFile(join(target.out, "THIRD-PARTY-LICENSES.txt"), await licenseTexts(packageFolders(bundled)));
}

/** @param {{ out: string, client: string, emulator: string }} target */
async function writeTypes({ out, client, emulator }) {
  const types = join(out, "types");
  // npm/tsconfig.json has the path of these copies.
  const ofWasm = [join(client, `${CLIENT_NAME}.d.ts`), join(emulator, `${EMULATOR_NAME}.d.ts`)];
  await copyInto(join(root, "dist", "types"), ofWasm);
  await run("tsc", ["-p", "npm/tsconfig.json", "--outDir", types], { env: toolEnvironment() });
  await rm(join(types, "cli"), { recursive: true });
  await writeCommonJsTypes(out);
}

/** Copies the types for CommonJS: TypeScript takes the module type of a declaration from the nearest package.json. @param {string} pkg */
async function writeCommonJsTypes(pkg) {
  const folder = join(pkg, "commonjs");
  const filter = (/** @type {string} */ file) => !file.endsWith(".map");
  await cp(join(pkg, "types"), join(folder, "types"), { recursive: true, filter });
  await writeFile(join(folder, "package.json"), '{ "type": "commonjs" }\n');
}

/**
 * Points source maps to the sources in the package, so that "go to definition" finds them.
 *
 * @param {string} pkg
 */
async function pointMapsInside(pkg) {
  for (const name of await readdir(pkg, { recursive: true })) {
    if (!name.endsWith(".map")) continue;
    const map = await readFile(join(pkg, name), "utf8");
    await writeFile(join(pkg, name), map.replaceAll(`${relative(pkg, SOURCE)}/`, "src/"));
  }
}

/** @param {string} pkg */
async function writeManifest(pkg) {
  const manifest = JSON.parse(await readFile(join(root, "npm", "package.json"), "utf8"));
  const cargo = await readFile(join(root, "Cargo.toml"), "utf8");
  const fact = (/** @type {string} */ key) => cargo.match(new RegExp(`^${key} = "(.+)"`, "m"))?.[1];
  const { name, description, ...rest } = manifest;
  const repository = { type: "git", url: `git+${fact("repository")}.git` };
  const complete = { name, version: fact("version"), description, repository, ...rest };
  await writeFile(join(pkg, "package.json"), `${JSON.stringify(complete, null, 2)}\n`);
}

if (isMain(import.meta.url)) {
  const flags = process.argv.slice(2);
  if (flags.includes("--help")) console.log(HELP);
  else {
    await setup(["build"])
      .then(() => buildPackage({ force: flags.includes("--force"), isPlain: flags.includes("--plain") }))
      .catch((error) => {
        console.error(`build: ${error.message}`);
        process.exitCode = 1;
      });
  }
}
