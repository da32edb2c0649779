// @ts-check
/** Frameworks, with and without a server. */
import { built, extension, files, page, proxied, response, serve } from "./run.mjs";

/** @typedef {import("./table.mjs").Consumer} Consumer */

const HOST = "--host 127.0.0.1 --port $PORT";
const HOSTNAME = "--hostname 127.0.0.1 --port $PORT";

/**
 * @param {number} major
 * @param {string} bundler
 * @param {string} flag of `next dev` and `next build`
 * @param {{ hasEdge?: boolean }} [options]
 * @returns {Consumer}
 */
const next = (major, bundler, flag, { hasEdge = true } = {}) => ({
  name: `Next.js ${major} (${bundler})`,
  project: `next-${major}`,
  sources: hasEdge ? ["next", "next-edge"] : ["next"],
  version: "next",
  places: {
    "client component": page(),
    "server component": response("server"),
    "route handler": response("api/run"),
    ...(hasEdge && { "edge route": response("api/edge") }),
    proxy: proxied,
  },
  development: { start: serve(`next dev ${flag} ${HOSTNAME}`), wasm: "file" },
  production: { start: serve(`next build ${flag}`, `next start ${HOSTNAME}`), wasm: "file" },
});

/** A framework with a page and routes. @type {Consumer["places"]} */
const FULL_STACK = { page: page(), route: response("api/run"), proxy: proxied };
const SERVER_RENDERED = { ...FULL_STACK, "page rendered on the server": response("server") };

/** @type {Consumer[]} */
export const frameworks = [
  next(15, "webpack", ""),
  next(15, "Turbopack", "--turbopack"),
  { ...next(16, "Turbopack", ""), quick: true },
  // `next build --webpack` of 16.4.5 fails for every edge route, also for one that imports nothing.
  next(16, "webpack", "--webpack", { hasEdge: false }),
  {
    name: "Nuxt 4",
    project: "nuxt-4",
    version: "nuxt",
    node: 22,
    places: FULL_STACK,
    development: { start: serve(`nuxt dev --no-fork ${HOST}`), wasm: "file" },
    production: { start: serve("nuxt build", "node .output/server/index.mjs"), wasm: "file" },
  },
  {
    name: "Astro 7",
    project: "astro-7",
    version: "astro",
    node: 22,
    places: SERVER_RENDERED,
    development: { start: serve(`astro dev ${HOST}`), wasm: "file" },
    production: { start: serve("astro build", "node dist/server/entry.mjs"), wasm: "file" },
  },
  {
    name: "SvelteKit 2",
    project: "sveltekit-2",
    version: "@sveltejs/kit",
    places: FULL_STACK,
    development: { start: serve(`vite dev ${HOST}`), wasm: "file" },
    production: { start: serve("vite build", "node build"), wasm: "file" },
  },
  {
    name: "React Router 7",
    project: "react-router-7",
    version: "react-router",
    places: SERVER_RENDERED,
    development: { start: serve(`react-router dev ${HOST}`), wasm: "embedded" },
    production: {
      start: serve("react-router build", "react-router-serve build/server/index.js"),
      wasm: "file",
    },
  },
  {
    name: "Angular 22",
    project: "angular-22",
    version: "@angular/core",
    node: 22,
    places: { page: page() },
    development: { start: serve(`ng serve ${HOST}`), wasm: "embedded" },
    production: { start: files("dist/consumer/browser", "ng build"), wasm: "embedded" },
  },
  {
    name: "WXT",
    project: "wxt",
    version: "wxt",
    node: 22,
    places: {
      "extension page": extension(".output/chrome-mv3", "page"),
      "service worker": extension(".output/chrome-mv3", "worker"),
    },
    production: { start: built("wxt build") },
  },
];
