// @ts-check
/** A cloud over HTTP that counts and lists executions, and responds as a test defines. */
import { randomUUID } from "node:crypto";
import { listen } from "./runtimes.mjs";

/** @typedef {import("node:http").IncomingMessage} Incoming */
/** @typedef {import("node:http").ServerResponse} Outgoing */

/**
 * One request to execute a skill.
 *
 * @typedef {object} Run
 * @property {string} url
 * @property {string} body
 * @property {Incoming} incoming
 * @property {Outgoing} outgoing
 */

/**
 * An execution, as the cloud lists it, with its output.
 *
 * @typedef {object} Listed
 * @property {{ id: string, skillId: string, status: string, success: boolean, startedAt: string, finishedAt: string | null, latencyMs: number | null, hasOutput: boolean }} view
 * @property {string} output
 */

/** @typedef {(run: Run) => unknown} Respond */

/** @param {Outgoing} outgoing @param {unknown} value @param {number} [status] */
export function json(outgoing, value, status = 200) {
  outgoing.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

/** Starts the cloud. All requests except GET are executions; by default, each succeeds with its number as the result. */
export async function startCloud() {
  /** @type {Run[]} */
  const runs = [];
  /** @type {Listed[]} */
  const list = [];
  /** @type {string[]} */
  const reads = [];
  /** @type {Array<() => void>} */
  const waiting = [];
  const cloud = {
    runs,
    list,
    /** The paths of all GET requests. */
    reads,
    respond: /** @type {Respond} */ (
      ({ outgoing }) => json(outgoing, { success: true, result: runs.length })
    ),
    /** Records an execution, whose response `respond` can send. @param {{ result?: unknown, success?: boolean, latencyMs?: number, at?: number }} [how] */
    execute({ result, success = true, latencyMs = 1000, at = Date.now() } = {}) {
      const skillId = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
      const view = {
        id: randomUUID(),
        skillId,
        status: success ? "completed" : "failed",
        success,
        startedAt: new Date(at - latencyMs).toISOString(),
        finishedAt: new Date(at).toISOString(),
        latencyMs,
        hasOutput: result !== undefined,
      };
      list.unshift({ view, output: JSON.stringify(result) });
      return { id: view.id, response: { success, result, latencyMs } };
    },
    /** Resolves once this many executions were requested. @param {number} count */
    async received(count) {
      while (runs.length < count) await new Promise((resolve) => waiting.push(() => resolve(undefined)));
    },
  };
  const server = await listen(async (incoming, outgoing) => {
    const { method, url = "" } = incoming;
    if (method === "GET") {
      reads.push(url);
      return read(url, outgoing);
    }
    let body = "";
    for await (const part of incoming) body += part;
    const run = { url, body, incoming, outgoing };
    runs.push(run);
    for (const resolve of waiting.splice(0)) resolve();
    await cloud.respond(run);
  });

  /** @param {string} path @param {Outgoing} outgoing */
  function read(path, outgoing) {
    const url = new URL(path, "http://localhost");
    const [, id = ""] = /executions\/([^/]+)\/output$/.exec(url.pathname) ?? [];
    const [, download] = /^\/download\/(.+)$/.exec(url.pathname) ?? [];
    const execution = list.find(({ view }) => view.id === (download ?? id));
    if (download) return execution ? outgoing.end(execution.output) : json(outgoing, {}, 404);
    if (id) {
      if (!execution?.view.hasOutput) return json(outgoing, { detail: "Execution not found" }, 404);
      return json(outgoing, { downloadUrl: `http://127.0.0.1:${server.port}/download/${id}` });
    }
    const size = Number(url.searchParams.get("pageSize") ?? 10);
    const number = Number(url.searchParams.get("pageNumber") ?? 1);
    const items = list.slice((number - 1) * size, number * size).map(({ view }) => view);
    json(outgoing, { items, totalItems: list.length, pageNumber: number, pageSize: size });
  }
  return Object.assign(cloud, { ...server, baseUrl: `http://127.0.0.1:${server.port}` });
}
