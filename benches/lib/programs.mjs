// @ts-check
/** Bundles the compared programs, as a page loads them. Each file in benches/programs/ is a program. */
import { cp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../scripts/lib/run.mjs";
import { API, ID, KEY } from "./calls.mjs";

/**
 * The exports of a file in benches/programs/. `load` must resolve before a client can be created. All programs use the
 * global `fetch`, which a stub replaces: the official SDK accepts no other.
 *
 * @typedef {object} Program
 * @property {() => Promise<unknown>} [load]
 * @property {Create} create
 *
 * @typedef {(settings: { baseUrl: string, apiKey: string }) => Client} Create
 *
 * @typedef {object} Client
 * @property {(id: string) => Promise<unknown>} get
 * @property {(id: string, body: { parameters: Record<string, unknown> }) => Promise<unknown>} execute
 * @property {(pageSize: number) => Promise<unknown>} list
 */

export const OURS = "ours";
/** The same program with the package of another commit. */
export const BEFORE = "before";
export const BARE = "bare";
export const HANDWRITTEN = "handwritten";
export const OFFICIAL = "browser-use-sdk";

const WASM = "browser_use_skills_bg.wasm";

/** The folder to serve: `blank.html`, and for each program `page.html`, `page.js`, `program.js`, `worker.js`, `vite/`. */
export const site = join(root, "target", "bench", "site");
const viteOut = join(root, "target", "bench", "vite");
const entries = join(root, "target", "bench", "entries");

/** Optional dependencies of the official SDK, needed only for crypto payments. */
const EXTERNAL = ["viem/accounts", "@x402/*"];

/** The official SDK reads `process.env`, which browsers lack. */
const DEFINE = { "process.env": "{}" };

export async function programNames() {
  const files = await readdir(join(root, "benches", "programs"));
  const names = files.map((file) => file.replace(/\.mjs$/, ""));
  // Ours and the two programs it is compared with come first in the table.
  const first = [OURS, OFFICIAL, BARE];
  return [...first, ...names.filter((name) => !first.includes(name))];
}

/**
 * @param {string[]} names
 * @param {string} [packageBefore] - The folder of the package that `before` uses.
 */
export async function bundlePrograms(names, packageBefore = "") {
  for (const folder of [site, viteOut, entries]) await rm(folder, { recursive: true, force: true });
  for (const name of names) {
    await mkdir(join(entries, name), { recursive: true });
    for (const [file, code] of Object.entries(sources(name)))
      await writeFile(join(entries, name, file), code);
    const packed = name === BEFORE ? packageBefore : join(root, "pkg");
    await withEsbuild(name, packed);
    await withVite(name, packed, "page.js", join(viteOut, name));
    await withVite(name, packed, "program.js", join(site, name, "vite"));
    await writeFile(
      join(site, name, "page.html"),
      '<!doctype html><script type="module" src="page.js"></script>\n',
    );
  }
  await writeFile(join(site, "blank.html"), "<!doctype html><title>Benchmark</title>\n");
}

/** Returns the script and the folder of other files of each bundler. @param {string} name */
export function bundles(name) {
  return {
    esbuild: { script: join(site, name, "page.js"), assets: join(site, name) },
    Vite: { script: join(viteOut, name, "page.js"), assets: join(viteOut, name, "assets") },
  };
}

/** @param {string} name @returns {Record<string, string>} */
function sources(name) {
  const program = JSON.stringify(join(root, "benches", "programs", `${name === BEFORE ? OURS : name}.mjs`));
  const settings = JSON.stringify({ baseUrl: API, apiKey: KEY });
  const call = `create(${settings}).execute(${JSON.stringify(ID)}, { parameters: { limit: 5 } })`;
  return {
    // One client and one call: measured for size, and run by each navigation.
    "page.js": `import { create } from ${program};\n${call};\n`,
    "program.js": `export * from ${program};\n`,
    "worker.js": `import "../../../../benches/lib/first-request.js";
import { create } from ${program};
self.addEventListener("message", ({ ports: [port] }) => {
  self.firstRequest.then((time) => port.postMessage(time));
  ${call}.catch((error) => port.postMessage(String(error)));
});\n`,
  };
}

/** @param {string} name @param {string} packed - The folder of our package. */
async function withEsbuild(name, packed) {
  // Imported here, so that `--help` works before the npm packages are installed.
  const { build: esbuild } = await import("esbuild");
  /** @type {import("esbuild").BuildOptions} */
  const common = {
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    external: EXTERNAL,
    logLevel: "error",
  };
  const entry = (/** @type {string} */ file) => join(entries, name, file);
  await esbuild({
    ...common,
    entryPoints: ["page.js", "program.js", "worker.js"].map(entry),
    outdir: join(site, name),
    // The copy of the WebAssembly in a script is loaded only if the file cannot be.
    splitting: true,
    define: DEFINE,
    alias: { "browser-use-skills": join(packed, "index.js") },
  });
  await esbuild({
    ...common,
    entryPoints: [entry("program.js")],
    outfile: join(site, name, "node.mjs"),
    platform: "node",
    alias: { "browser-use-skills": join(packed, "node.js") },
  });
  // esbuild does not change the URL of the WebAssembly file: it is next to the script.
  if (name === OURS || name === BEFORE) await cp(join(packed, WASM), join(site, name, WASM));
}

/** @param {string} name @param {string} packed @param {string} file @param {string} outDir */
async function withVite(name, packed, file, outDir) {
  const { build: vite } = await import("vite");
  await vite({
    configFile: false,
    root: join(entries, name),
    logLevel: "error",
    define: DEFINE,
    resolve: { alias: { "browser-use-skills": join(packed, "index.js") } },
    base: "./",
    build: {
      target: "es2022",
      outDir,
      modulePreload: false,
      rolldownOptions: {
        input: join(entries, name, file),
        external: [/^viem/, /^@x402/],
        preserveEntrySignatures: "strict",
        output: { entryFileNames: "[name].js" },
      },
    },
  });
}
