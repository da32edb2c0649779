// @ts-check
// Bundles the JavaScript of the package: esbuild bundles it, terser minifies it.
import { chmod, mkdir, readdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { idOf } from "../wasm/write-id.mjs";
import { root } from "./run.mjs";

/** The folder of the package's TypeScript. */
export const SOURCE = join(root, "npm", "src");

/** File names of the WebAssembly, without the suffix. */
export const CLIENT_NAME = "browser_use_skills";
export const EMULATOR_NAME = "browser_use_skills_emulator";

/** The WebAssembly embedded in scripts, which the entries import on demand. */
export const EMBEDDED = ["embedded", "extra.embedded", "batch.embedded", "emulator.embedded"];

/**
 * @typedef {object} Target
 * @property {string} out - The folder of the package.
 * @property {string} client - The folder with the client's WebAssembly and the JavaScript of wasm-bindgen.
 * @property {string} emulator - The same of the emulator.
 * @property {boolean} isMinified
 */

/**
 * Bundles into the root of the package, if the options name no other file. Returns the bundled files.
 *
 * @param {Target} target
 * @param {import("esbuild").BuildOptions} options
 */
export async function bundle({ out, client, emulator, isMinified }, options) {
  // Imported here, so that this file can be imported before the npm packages are installed.
  const { build } = await import("esbuild");
  const isEmbedded = options.loader !== undefined;
  const { metafile, outputFiles = [] } = await build({
    bundle: true,
    metafile: true,
    write: false,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    absWorkingDir: out,
    ...(!options.outfile && { outdir: out }),
    external: [
      "node:*",
      ...[...EMBEDDED, "batch.csv"].map((name) => `./${name}.js`),
      ...(isEmbedded ? [] : ["*.wasm", "*.wasm?module"]),
    ],
    minify: isMinified,
    sourcemap: true,
    alias: {
      crash: join(SOURCE, "crash.ts"),
      transport: await transportFolder(client),
      "wasm-client": join(client, `${CLIENT_NAME}.js`),
      "wasm-emulator": join(emulator, `${EMULATOR_NAME}.js`),
      "wasm-file": `./${CLIENT_NAME}_bg.wasm`,
      "wasm-module": `./${CLIENT_NAME}_bg.wasm?module`,
      "wasm-extra-file": `./${CLIENT_NAME}_extra_bg.wasm`,
      "wasm-extra-module": `./${CLIENT_NAME}_extra_bg.wasm?module`,
      "wasm-batch-file": `./${CLIENT_NAME}_batch_bg.wasm`,
      "wasm-batch-module": `./${CLIENT_NAME}_batch_bg.wasm?module`,
      "emulator-wasm-file": `./${EMULATOR_NAME}_bg.wasm`,
    },
    define: {
      WASM_ID: JSON.stringify(await idOf(join(client, `${CLIENT_NAME}_bg.wasm`))),
      EMULATOR_WASM_ID: JSON.stringify(await idOf(join(emulator, `${EMULATOR_NAME}_bg.wasm`))),
    },
    logLevel: "warning",
    // wasm-bindgen lists a file once for each function of it that the WebAssembly imports.
    logOverride: { "duplicate-object-key": "silent" },
    ...options,
  });
  await mkdir(dirname(outputFiles[0]?.path ?? ""), { recursive: true });
  for (const { path, text } of outputFiles.filter(({ path }) => path.endsWith(".js"))) {
    const map = outputFiles.find((file) => file.path === `${path}.map`)?.text;
    await writeScript(path, isMinified ? await minified(path, text, map) : { code: text, map });
  }
  return Object.keys(metafile?.inputs ?? {}).map((file) => join(out, file));
}

/** @param {string} path @param {{ code: string, map: string | undefined }} script */
async function writeScript(path, { code, map }) {
  await writeFile(path, code);
  if (map) await writeFile(`${path}.map`, map);
}

/**
 * Minifies esbuild's output again with terser, which makes it 4 % smaller after compression.
 *
 * @param {string} path
 * @param {string} code
 * @param {string | undefined} map - The source map.
 */
async function minified(path, code, map) {
  const { minify } = await import("terser");
  const result = await minify(code, {
    ecma: 2020,
    module: true,
    // Functions that are used once are not inlined: they would become a new closure in each call.
    compress: { passes: 3, reduce_funcs: false },
    ...(map && { sourceMap: { content: map, url: `${basename(path)}.map` } }),
  });
  return { code: result.code ?? "", map: map && String(result.map) };
}

/**
 * Returns the folder of the copies of src/transport/*.js that wasm-bindgen's JavaScript imports: other copies would be
 * bundled too, and would not share their state.
 *
 * @param {string} client
 */
async function transportFolder(client) {
  const snippets = join(client, "snippets");
  const names = await readdir(snippets, { recursive: true });
  const name = names.find((name) => name.endsWith(join("src", "transport")));
  if (!name) throw new Error(`${snippets} has no folder src/transport`);
  return join(snippets, name);
}

/** Bundles the CLI with one file per command. Returns the bundled files. @param {Target} target */
export async function bundleCli({ out, client, emulator, isMinified }) {
  const { build } = await import("esbuild");
  const folder = join(out, "cli");
  const { metafile } = await build({
    absWorkingDir: out,
    metafile: true,
    entryPoints: ["main", "copy", "emulator", "run", "types"].map((name) =>
      join(SOURCE, "cli", `${name}.ts`),
    ),
    outdir: folder,
    bundle: true,
    splitting: true,
    chunkNames: "shared.[hash]",
    format: "esm",
    target: "es2022",
    platform: "node",
    // The package contains them already.
    external: ["../node.js", "../batch.js"],
    alias: {
      transport: await transportFolder(client),
      "wasm-emulator": join(emulator, `${EMULATOR_NAME}.js`),
    },
    define: { EMULATOR_WASM_ID: JSON.stringify(await idOf(join(emulator, `${EMULATOR_NAME}_bg.wasm`))) },
    // For bundled CommonJS packages.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    minify: isMinified,
    logLevel: "warning",
  });
  await chmod(join(folder, "main.js"), 0o755);
  return Object.keys(metafile.inputs).map((file) => join(out, file));
}
