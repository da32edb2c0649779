// @ts-check
/** Pages built by bundlers, and one without a bundler. */
import { files, page, serve } from "./run.mjs";

/** @typedef {import("./table.mjs").Consumer} Consumer */
/** @typedef {import("./table.mjs").Mode} Mode */

/** The page, with a bundler that writes `dist/main.js`. */
const BUNDLED = ["page", "bundled"];
const HOST = "--host 127.0.0.1 --port $PORT";
const ESBUILD = "esbuild main.js --bundle --format=esm";

/**
 * @param {number} major
 * @param {Mode["wasm"]} wasm in development
 * @returns {Consumer}
 */
const vite = (major, wasm) => ({
  name: `Vite ${major}`,
  project: `vite-${major}`,
  sources: ["page"],
  version: "vite",
  places: { page: page() },
  development: { start: serve(`vite ${HOST}`), wasm },
  production: { start: files("dist", "vite build"), wasm: "file" },
});

/**
 * @param {string} name
 * @param {string} project
 * @param {string} version
 * @returns {Consumer}
 */
const bundled = (name, project, version) => ({
  name,
  project,
  sources: BUNDLED,
  version,
  places: { page: page() },
});

/** @type {Consumer[]} */
export const bundlers = [
  {
    name: "no bundler (import map)",
    project: "no-bundler",
    quick: true,
    places: { page: page() },
    production: { start: files(""), wasm: "file" },
  },
  vite(5, "embedded"),
  vite(6, "embedded"),
  { ...vite(7, "embedded"), quick: true },
  vite(8, "file"),
  { ...vite(8, undefined), name: "Vite 8 (`./wasm?url`)", sources: ["page", "wasm-url"] },
  {
    ...vite(8, undefined),
    name: "Vite 8 (workers of a page)",
    sources: ["page", "workers"],
    places: {
      "dedicated worker": page("worker=dedicated"),
      "shared worker": page("worker=shared"),
      "service worker": page("worker=service"),
    },
    // Not checked: Vite bundles a worker into one file, which contains both.
    production: { start: files("dist", "vite build") },
  },
  {
    ...bundled("webpack 5", "webpack-5", "webpack"),
    development: { start: files("", "webpack ./main.js --mode development"), wasm: "file" },
    production: { start: files("", "webpack ./main.js --mode production"), wasm: "file" },
  },
  {
    ...bundled("Rspack 2", "rspack-2", "@rspack/core"),
    development: { start: files("", "rspack build --entry ./main.js --mode development"), wasm: "file" },
    production: { start: files("", "rspack build --entry ./main.js --mode production"), wasm: "file" },
  },
  {
    name: "Parcel 2",
    project: "parcel-2",
    sources: ["page"],
    version: "parcel",
    places: { page: page() },
    development: { start: serve(`parcel serve index.html ${HOST}`), wasm: "file" },
    production: { start: files("dist", "parcel build index.html"), wasm: "file" },
  },
  {
    ...bundled("Rollup 4 (`output.dir`)", "rollup-4", "rollup"),
    production: { start: files("", "rollup main.js --dir dist --plugin node-resolve"), wasm: "embedded" },
  },
  {
    ...bundled("Rollup 4 (`./inline`)", "rollup-4", "rollup"),
    sources: [...BUNDLED, "inline"],
    production: { start: files("", "rollup main.js --file dist/main.js --plugin node-resolve") },
  },
  {
    ...bundled("esbuild (one file)", "esbuild", "esbuild"),
    quick: true,
    development: { start: files("", `${ESBUILD} --outdir=dist --sourcemap`), wasm: "embedded" },
    production: { start: files("", `${ESBUILD} --outdir=dist --minify`), wasm: "embedded" },
  },
  {
    ...bundled("esbuild (`--splitting`)", "esbuild", "esbuild"),
    production: { start: files("", `${ESBUILD} --outdir=dist --splitting`), wasm: "embedded" },
  },
  {
    ...bundled("esbuild (`./wasm`)", "esbuild", "esbuild"),
    sources: [...BUNDLED, "wasm-file"],
    production: { start: files("", `${ESBUILD} --outdir=dist --loader:.wasm=file`) },
  },
];
