// @ts-check
/**
 * Builds pkg/, the npm package: types and errors generated from the Rust tables, the client and the emulator as
 * WebAssembly, their bundled JavaScript, and the type definitions.
 */
import { createHash } from "node:crypto";
import { chmod, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { isCurrent } from "./lib/current.mjs";
import { acceptForeignModules, linkParts, reportCrashes, shortenNames } from "./lib/glue.mjs";
import { silencePanics } from "./lib/panics.mjs";
import { isMain, root, run } from "./lib/run.mjs";
import { split } from "./lib/split.mjs";
import { toolEnvironment } from "./lib/tools.mjs";
import { setup } from "./setup.mjs";

const HELP = `Usage: node scripts/build.mjs [--force]

Installs the required tools and builds pkg/, the npm package. Does nothing if pkg/ is newer than its inputs, unless --force is given.`;

const INPUTS = [
  "src",
  "crates",
  "macros",
  "emulator/src",
  "emulator/Cargo.toml",
  "xtask",
  "npm",
  "scripts/build.mjs",
  "scripts/lib/glue.mjs",
  "scripts/lib/panics.mjs",
  "scripts/lib/split.mjs",
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
  "proxy",
];
/** CommonJS modules, for platforms where `require` cannot load ES modules: source by file name in `commonjs/`. */
const COMMONJS = { index: "commonjs", emulator: "emulator.commonjs", journal: "journal", proxy: "proxy" };
/** The WebAssembly embedded in scripts, which the entries import on demand. */
const EMBEDDED = ["embedded", "extra.embedded", "emulator.embedded"];
const SOURCE = join(root, "npm", "src");
const ALSO_IN_PACKAGE = ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"];

/** WebAssembly features of every supported engine. wasm-opt must not use others. */
const WASM_FEATURES = [
  "bulk-memory",
  "bulk-memory-opt",
  "multivalue",
  "mutable-globals",
  "nontrapping-float-to-int",
  "reference-types",
  "sign-ext",
];

const FEATURE_FLAGS = WASM_FEATURES.map((feature) => `--enable-${feature}`);

/** Selects the second part of the client's WebAssembly: recovery, and waiting for generations. */
const EXTRA = {
  calls: /engine::deliver::.*::execute::h|Protection<P>::(enter|attempt|not_executed)::h/,
  roots:
    /::engine::(deliver|executions|follow|journal|protect|resolve|resume|watch)::|::js::(resumed|watch)::|JsClient::(resume|discard|execution_result|watch)|^client_(resume|discard|executionResult|watch)$|^(resumed|watch)_|Protection|Resumed|Watch/,
};

const CLIENT = { crate: ".", name: "browser_use_skills" };
const CRASHING_CLIENT = { crate: "tests/crash", name: "browser_use_skills" };
const EMULATOR = { crate: "emulator", name: "browser_use_skills_emulator" };

/** @param {{ force?: boolean }} [options] */
export async function buildPackage({ force = false } = {}) {
  if (!force && (await isCurrent("pkg/package.json", [...INPUTS, ...ALSO_IN_PACKAGE]))) {
    console.log("pkg/ is up to date");
    return;
  }
  await run("cargo", ["run", "--quiet", "-p", "xtask"]);
  const pkg = join(root, "pkg");
  await rm(pkg, { recursive: true, force: true });
  await mkdir(pkg);
  await buildClient(CLIENT, "client", pkg, ["--features", "js"]);
  await buildEmulator(pkg);
  const sources = (/** @type {string[]} */ names) => names.map((name) => join(SOURCE, `${name}.ts`));
  const files = { outdir: pkg, absWorkingDir: pkg };
  await bundle("client", { ...files, entryPoints: sources(ENTRIES) });
  await bundle("client", {
    ...files,
    entryPoints: sources(EMBEDDED),
    loader: { ".wasm": "base64" },
    sourcemap: false,
  });
  for (const [name, source] of Object.entries(COMMONJS)) {
    await bundle("client", {
      entryPoints: sources([source]),
      outfile: join(pkg, "commonjs", `${name}.js`),
      absWorkingDir: pkg,
      inject: [join(SOURCE, "commonjs.globals.ts")],
      format: "cjs",
    });
  }
  await bundleCli(pkg);
  await run("tsc", ["-p", "npm/tsconfig.json"], { env: toolEnvironment() });
  await rm(join(pkg, "types", "cli"), { recursive: true });
  await writeCommonJsTypes(pkg);
  await cp(SOURCE, join(pkg, "src"), { recursive: true });
  await pointMapsInside(pkg);
  for (const file of ALSO_IN_PACKAGE) await cp(join(root, file), join(pkg, file));
  await writeManifest(pkg);
}

/** Builds a client for tests that panics on demand. @returns {Promise<string>} the folder */
export async function buildCrashingClient() {
  const out = join(root, "dist", "crash");
  await mkdir(out, { recursive: true });
  await buildClient(CRASHING_CLIENT, "crashing-client", out, []);
  await bundle("crashing-client", {
    entryPoints: [join(root, "tests", "crash", "index.ts")],
    outdir: out,
    absWorkingDir: out,
  });
  return out;
}

/** @param {typeof CLIENT} wasm @param {string} folder @param {string} out @param {string[]} flags */
async function buildClient(wasm, folder, out, flags) {
  await buildWasm(wasm, folder, flags);
  const { file, glue } = filesOf(wasm, folder);
  const extra = join(root, "dist", folder, `${wasm.name}_extra_bg.wasm`);
  await reportCrashes(glue);
  await silencePanics(file);
  await shortenBoth(file, glue);
  await linkParts(glue);
  await split(file, extra, EXTRA, optimise);
  await publish([file, extra], out);
}

/** @param {string} out */
async function buildEmulator(out) {
  await buildWasm(EMULATOR, "emulator", []);
  const { file, glue } = filesOf(EMULATOR, "emulator");
  await shortenBoth(file, glue);
  await optimise(file);
  await publish([file], out);
}

/** Returns the output files of wasm-bindgen. @param {typeof CLIENT} wasm @param {string} folder */
function filesOf({ name }, folder) {
  const path = join(root, "dist", folder, name);
  return { file: `${path}_bg.wasm`, glue: `${path}.js` };
}

/** @param {typeof CLIENT} wasm @param {string} folder @param {string[]} flags */
async function buildWasm({ crate, name }, folder, flags) {
  const env = toolEnvironment();
  env.RUSTFLAGS = [env.RUSTFLAGS ?? "", ...(await remappedPaths())].join(" ").trim();
  env.CARGO_TARGET_DIR = join(root, "target", "wasm");
  const out = join(root, "dist", folder);
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
    out,
  ];
  await run("wasm-pack", ["build", crate, ...options, ...flags], { env });
}

/** Removes the folders of the build machine from the paths in panic messages. @returns {Promise<string[]>} */
async function remappedPaths() {
  const home = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  const sources = join(home, "registry", "src");
  const registries = await readdir(sources).catch(() => []);
  const crates = registries.map((registry) => [join(sources, registry), "crates"]);
  return [[home, "cargo"], [root, "."], ...crates].map(([from, to]) => `--remap-path-prefix=${from}=${to}`);
}

/** @param {string} file @param {string} glue */
async function shortenBoth(file, glue) {
  await acceptForeignModules(glue);
  await shortenNames(file, glue, FEATURE_FLAGS, toolEnvironment());
}

/** @param {string} file - Modified in place. */
async function optimise(file) {
  // Inlining less compresses better: separate functions resemble each other.
  const inlining = "--one-caller-inline-max-function-size=30";
  // The stack ends in the first kilobyte of memory, so the module stores no data there.
  const memory = "--low-memory-unused";
  // Similar code in sequence compresses better.
  const order = ["--reorder-locals", "--reorder-functions-by-name"];
  const passes = [inlining, memory, "-Oz", "--flatten", "--rereloop", "-Oz", "-Oz", ...order];
  const strip = ["--strip-debug", "--strip-producers"];
  await run("wasm-opt", [...passes, ...strip, ...FEATURE_FLAGS, file, "-o", file], {
    env: toolEnvironment(),
  });
}

/**
 * Copies the parts of a module, each with the same id, by which the JavaScript recognizes parts of another version.
 *
 * @param {string[]} files
 * @param {string} out
 */
async function publish(files, out) {
  const parts = await Promise.all(files.map((file) => readFile(file)));
  const id = createHash("sha256").update(Buffer.concat(parts)).digest("hex").slice(0, 8);
  // A custom section: 0, length, length of the name, name, content.
  const section = Buffer.concat([Buffer.from([0, 3 + id.length, 2]), Buffer.from(`id${id}`)]);
  for (const [index, part] of parts.entries()) {
    await writeFile(join(out, basename(files[index] ?? "")), Buffer.concat([part, section]));
  }
}

/** @param {string} file */
async function idOf(file) {
  const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(await readFile(file)), "id");
  return new TextDecoder().decode(section);
}

/** @param {string} client @param {import("esbuild").BuildOptions} options */
async function bundle(client, options) {
  // Imported here, so that this file can be imported before the npm packages are installed.
  const { build } = await import("esbuild");
  const isEmbedded = options.loader !== undefined;
  const { outputFiles = [] } = await build({
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    external: [
      "node:*",
      ...EMBEDDED.map((name) => `./${name}.js`),
      ...(isEmbedded ? [] : ["*.wasm", "*.wasm?module"]),
    ],
    minify: true,
    sourcemap: true,
    alias: {
      crash: join(SOURCE, "crash.ts"),
      engine: await engineFile(client),
      "wasm-client": join(root, "dist", client, `${CLIENT.name}.js`),
      "wasm-emulator": join(root, "dist", "emulator", `${EMULATOR.name}.js`),
      "wasm-file": `./${CLIENT.name}_bg.wasm`,
      "wasm-module": `./${CLIENT.name}_bg.wasm?module`,
      "wasm-extra-file": `./${CLIENT.name}_extra_bg.wasm`,
      "wasm-extra-module": `./${CLIENT.name}_extra_bg.wasm?module`,
      "emulator-wasm-file": `./${EMULATOR.name}_bg.wasm`,
    },
    define: {
      WASM_ID: JSON.stringify(await idOf(join(options.absWorkingDir ?? "", `${CLIENT.name}_bg.wasm`))),
      EMULATOR_WASM_ID: JSON.stringify(await idOf(join(root, "pkg", `${EMULATOR.name}_bg.wasm`))),
    },
    logLevel: "warning",
    ...options,
  });
  await mkdir(dirname(outputFiles[0]?.path ?? ""), { recursive: true });
  for (const { path, text } of outputFiles.filter(({ path }) => path.endsWith(".js"))) {
    await writeMinified(path, text, outputFiles.find((file) => file.path === `${path}.map`)?.text);
  }
}

/**
 * Minifies esbuild's output again with terser, which makes it 4 % smaller after compression.
 *
 * @param {string} path
 * @param {string} code
 * @param {string | undefined} map - The source map.
 */
async function writeMinified(path, code, map) {
  const { minify } = await import("terser");
  const minified = await minify(code, {
    ecma: 2020,
    module: true,
    // Functions that are used once are not inlined: they would become a new closure in each call.
    compress: { passes: 3, reduce_funcs: false },
    ...(map && { sourceMap: { content: map, url: `${basename(path)}.map` } }),
  });
  await writeFile(path, minified.code ?? "");
  if (map) await writeFile(`${path}.map`, String(minified.map));
}

/** Returns the copy of engine.js that wasm-bindgen's JavaScript imports: a second copy would be bundled too. @param {string} client */
async function engineFile(client) {
  const snippets = join(root, "dist", client, "snippets");
  const names = await readdir(snippets, { recursive: true });
  const name = names.find((name) => name.endsWith("engine.js"));
  if (!name) throw new Error(`${snippets} has no engine.js`);
  return join(snippets, name);
}

/** Bundles the CLI with one file per command. @param {string} pkg */
async function bundleCli(pkg) {
  const { build } = await import("esbuild");
  const folder = join(pkg, "cli");
  await build({
    entryPoints: ["main", "copy", "emulator", "types"].map((name) => join(SOURCE, "cli", `${name}.ts`)),
    outdir: folder,
    bundle: true,
    splitting: true,
    chunkNames: "shared",
    format: "esm",
    target: "es2022",
    platform: "node",
    // The package contains them already.
    external: ["../node.js", "../emulator.node.js"],
    minify: true,
    logLevel: "warning",
  });
  await chmod(join(folder, "main.js"), 0o755);
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
    await writeFile(join(pkg, name), map.replaceAll("../npm/src/", "src/"));
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

if (false) {
  const flags = process.argv.slice(2);
  if (flags.includes("--help")) console.log(HELP);
  else {
    await setup(["build"])
      .then(() => buildPackage({ force: flags.includes("--force") }))
      .catch((error) => {
        console.error(`build: ${error.message}`);
        process.exitCode = 1;
      });
  }
}
import { brotliCompressSync, constants } from "node:zlib";
const out = "/tmp/core-size"; await mkdir(out, { recursive: true });
await buildClient(CLIENT, "client", out, ["--features", "js"]);
for (const n of ["browser_use_skills_bg.wasm", "browser_use_skills_extra_bg.wasm"]) {
  const b = await readFile(join(out, n));
  console.log(n, b.length, brotliCompressSync(b, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length);
}
