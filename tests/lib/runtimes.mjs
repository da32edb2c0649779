// @ts-check
/** Servers for a handler from Request to Response: Node, and workerd, the runtime of Cloudflare Workers. */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { OUTPUT } from "../../scripts/lib/run.mjs";

const require = createRequire(import.meta.url);
/** The path of the program, from its package. @type {{ default: string }} */
const { default: workerd } = require("workerd");

/**
 * @typedef {object} Runtime
 * @property {number} port
 * @property {() => Promise<void>} close
 */

/**
 * Listens on a free port of localhost.
 *
 * @param {import("node:http").RequestListener} listener
 * @returns {Promise<Runtime>}
 */
export async function listen(listener) {
  const server = createServer(listener);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const close = () => {
    server.closeAllConnections();
    return /** @type {Promise<void>} */ (new Promise((resolve) => server.close(() => resolve())));
  };
  return { port, close };
}

/**
 * @param {string} folder - Contains the installed package and `worker.js`.
 * @param {Record<string, string>} environment
 */
export async function startNode(folder, environment) {
  const { default: worker, toNodeHandler } = await import(pathToFileURL(join(folder, "worker.js")).href);
  return listen(toNodeHandler((/** @type {Request} */ request) => worker.fetch(request, environment)));
}

/**
 * @param {string} folder - Contains the installed package and `worker.js`.
 * @param {Record<string, string>} environment
 * @param {string} date - The compatibility date of workerd.
 * @returns {Promise<Runtime>}
 */
export async function startWorkerd(folder, environment, date) {
  const config = `using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (
      services = [
        (name = "main", worker = .main),
        (name = "internet", network = (allow = ["public", "private"])),
      ],
      sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
    );
    const main :Workerd.Worker = (
      ${modules("worker.js")},
      compatibilityDate = "${date}",
      bindings = [${texts(environment)}],
    );`;
  const { ports, close } = await serve(folder, config, 1);
  return { port: ports[0] ?? 0, close };
}

/**
 * Starts two workers that share a Durable Objects class with storage on disk.
 *
 * @param {string} folder - Contains the installed package and `durable.js`.
 * @param {Record<string, string>} environment
 * @param {string} storage - A folder inside of `folder`.
 * @returns {Promise<{ ports: number[], close: () => Promise<void> }>} `close` kills the process
 */
export async function startWorkerdPair(folder, environment, storage) {
  const namespace = `className = "ProxyStoreObject"`;
  const worker = (/** @type {string} */ binding, more = "") => `(
      ${modules("durable.js")},
      compatibilityDate = "2026-10-01",
      bindings = [(name = "STORE", durableObjectNamespace = ${binding}), ${texts(environment)}],
      ${more}
    )`;
  const storing = `durableObjectNamespaces = [(${namespace}, uniqueKey = "store", enableSql = true)],
      durableObjectStorage = (localDisk = "disk"),`;
  const config = `using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (
      services = [
        (name = "a", worker = .a),
        (name = "b", worker = .b),
        (name = "disk", disk = (path = ${JSON.stringify(join(folder, storage))}, writable = true)),
        (name = "internet", network = (allow = ["public", "private"])),
      ],
      sockets = [
        (name = "a", address = "127.0.0.1:0", http = (), service = "a"),
        (name = "b", address = "127.0.0.1:0", http = (), service = "b"),
      ],
    );
    const a :Workerd.Worker = ${worker(`(${namespace})`, storing)};
    const b :Workerd.Worker = ${worker(`(${namespace}, serviceName = "a")`)};`;
  await mkdir(join(folder, storage), { recursive: true });
  return serve(folder, config, 2);
}

/** @param {string} worker */
function modules(worker) {
  return `modules = [
        (name = "${worker}", esModule = embed "${worker}"),
        (name = "browser-use-skills/proxy", esModule = embed "node_modules/browser-use-skills/proxy.js"),
      ]`;
}

/** @param {Record<string, string>} environment */
function texts(environment) {
  const bindings = Object.entries(environment);
  return bindings
    .map(([name, text]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(text)})`)
    .join(", ");
}

/**
 * @param {string} folder
 * @param {string} config
 * @param {number} sockets - Number of sockets.
 */
async function serve(folder, config, sockets) {
  const file = join(folder, `${randomUUID()}.capnp`);
  await writeFile(file, config);
  // Not node_modules/.bin: without install scripts, that is a script that does not pass file descriptors on.
  const child = spawn(workerd, ["serve", file, "--control-fd=3"], {
    stdio: ["ignore", OUTPUT, "inherit", "pipe"],
  });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  /** @type {Map<string, number>} */
  const ports = new Map();
  await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`workerd exited with ${code}`)));
    const control = /** @type {import("node:stream").Readable} */ (child.stdio[3]);
    createInterface({ input: control }).on("line", (line) => {
      const { event, socket, port } = JSON.parse(line);
      if (event === "listen") ports.set(socket, port);
      if (ports.size === sockets) resolve(undefined);
    });
  });
  const close = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  return { ports: [...ports].sort().map(([, port]) => port), close };
}
