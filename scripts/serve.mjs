// @ts-check
// Serves static files, for development and tests only.

import { readFile, realpath, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, isAbsolute, join, relative, resolve } from "node:path";

const JSON_TYPE = "application/json; charset=utf-8";
const TEXT_TYPE = "text/plain; charset=utf-8";

/** @type {Record<string, string>} */
const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": JSON_TYPE,
  ".map": JSON_TYPE,
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".ts": TEXT_TYPE,
  ".txt": TEXT_TYPE,
  ".wasm": "application/wasm",
};

/**
 * @typedef {object} ServeOptions
 * @property {Record<string, string>} mounts folders by URL path: `{ "/": "www" }`
 * @property {number} [port] a free port by default, and if this port is in use
 * @property {string} [host]
 * @property {Record<string, () => unknown>} [extra] JSON responses by path
 * @property {string} [cacheControl] `no-store` by default
 * @property {Record<string, string>} [headers] added to every response
 */

/**
 * @typedef {object} Reply
 * @property {number} status
 * @property {string} type
 * @property {string | Buffer} body
 */

/**
 * Serves folders over HTTP.
 *
 * @param {ServeOptions} options
 * @returns {Promise<{ url: string, close(): Promise<void> }>}
 */
export async function serveFolder({
  mounts,
  port = 0,
  host = "127.0.0.1",
  extra = {},
  cacheControl = "no-store",
  headers = {},
}) {
  const folders = longestFirst(mounts);
  const server = createServer(async (request, response) => {
    const { status, type, body } = await respond(request.method, request.url, folders, extra);
    response.writeHead(status, {
      "Content-Type": type,
      "Content-Length": Buffer.byteLength(body),
      "Cache-Control": cacheControl,
      "X-Content-Type-Options": "nosniff",
      ...headers,
    });
    response.end(request.method === "HEAD" ? undefined : body);
  });
  const actual = await listen(server, port, host);
  return { url: `http://${host.includes(":") ? `[${host}]` : host}:${actual}/`, close: () => close(server) };
}

/**
 * Returns the port if it is free, otherwise 0.
 *
 * @param {number} port
 * @param {string} [host]
 */
export async function portOrAny(port, host = "127.0.0.1") {
  const server = createServer();
  const actual = await listen(server, port, host);
  await close(server);
  return actual === port ? port : 0;
}

/**
 * @param {import("node:http").Server} server
 * @param {number} port
 * @param {string} host
 * @returns {Promise<number>} the port that it listens on
 */
function listen(server, port, host) {
  return new Promise((done, fail) => {
    server.on("error", (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === "EADDRINUSE" && port !== 0) {
        port = 0;
        server.listen(0, host);
      } else {
        fail(error);
      }
    });
    server.listen(port, host, () => {
      const bound = server.address();
      done(typeof bound === "object" && bound ? bound.port : port);
    });
  });
}

/**
 * @param {import("node:http").Server} server
 * @returns {Promise<void>}
 */
function close(server) {
  return new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}

/**
 * @param {Record<string, string>} mounts
 * @returns {Array<[string, string]>}
 */
function longestFirst(mounts) {
  /** @type {Array<[string, string]>} */
  const folders = Object.entries(mounts).map(([prefix, folder]) => [prefix, resolve(folder)]);
  return folders.sort(([a], [b]) => b.length - a.length);
}

/**
 * @param {string | undefined} method
 * @param {string | undefined} url
 * @param {Array<[string, string]>} folders
 * @param {Record<string, () => unknown>} extra
 * @returns {Promise<Reply>}
 */
async function respond(method, url, folders, extra) {
  if (method !== "GET" && method !== "HEAD") return plain(405, "Method Not Allowed");
  try {
    const path = pathOf(url ?? "/");
    const makeJson = path !== null && Object.hasOwn(extra, path) ? extra[path] : undefined;
    if (makeJson) return { status: 200, type: JSON_TYPE, body: JSON.stringify(makeJson()) };
    const file = path === null ? null : await fileAt(path, folders);
    if (file === null) return plain(404, "Not Found");
    return { status: 200, type: typeOf(file), body: await readFile(file) };
  } catch (error) {
    console.error("serve:", error);
    return plain(500, "Internal Server Error");
  }
}

/**
 * @param {number} status
 * @param {string} body
 * @returns {Reply}
 */
function plain(status, body) {
  return { status, type: TEXT_TYPE, body };
}

/** @param {string} file */
function typeOf(file) {
  return TYPES[extname(file).toLowerCase()] ?? "application/octet-stream";
}

/**
 * Returns the decoded path of a URL; null if it is invalid.
 *
 * @param {string} url
 */
function pathOf(url) {
  try {
    const path = decodeURIComponent(url.replace(/[?#].*$/s, ""));
    return path.startsWith("/") && !path.includes("\0") ? path : null;
  } catch {
    return null;
  }
}

/**
 * Returns the file at a path; null if the folders have none.
 *
 * @param {string} path
 * @param {Array<[string, string]>} folders
 */
async function fileAt(path, folders) {
  const mount = folders.find(([prefix]) => path.startsWith(prefix));
  if (!mount) return null;
  const [prefix, folder] = mount;
  const target = join(folder, path.slice(prefix.length), path.endsWith("/") ? "index.html" : "");
  try {
    const [top, file] = await Promise.all([realpath(folder), realpath(target)]);
    // Resolves symbolic links first, so that neither ".." nor a link escapes the folder.
    return isInside(top, file) && (await stat(file)).isFile() ? file : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} folder
 * @param {string} file
 */
function isInside(folder, file) {
  const path = relative(folder, file);
  return path !== "" && !path.startsWith("..") && !isAbsolute(path);
}
