// @ts-check
/**
 * A cloud for pages of another origin that lists executions late and in an order that a test chooses, and loses requests
 * and responses. It shares no code with the emulator. Counts the injected faults.
 */
import { randomUUID } from "node:crypto";
import { listen } from "./runtimes.mjs";

/** @typedef {import("node:http").ServerResponse} Outgoing */

/**
 * An execution.
 *
 * @typedef {object} Execution
 * @property {string} id
 * @property {unknown} result
 * @property {number} startedAt
 * @property {number | undefined} finishedAt undefined while it runs
 * @property {number} listedAt - When it appears in the list.
 */

/**
 * A request to execute a skill. A test loses it, executes it and responds, or executes it and loses the response.
 *
 * @typedef {object} Arrival
 * @property {number} count - Number of earlier requests.
 * @property {any} parameters
 * @property {() => void} lose - Breaks the connection. Nothing was executed unless `start` was called.
 * @property {() => Execution} start - Starts the execution, without ending it.
 * @property {(execution: Execution) => void} end - Ends the execution without a response.
 * @property {(execution: Execution, status?: number, body?: unknown) => void} respond - Ends the execution and responds.
 * @property {(status: number, body: unknown, headers?: Record<string, string>) => void} refuse - Responds without an execution.
 */

const CORS = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };

export async function startLossyCloud() {
  /** @type {Execution[]} */
  const executions = [];
  /** @type {Record<string, number>} */
  const fired = {};
  /** @type {string[]} */
  const log = [];
  /** @type {Array<() => void>} */
  const watchers = [];
  const changed = () => {
    for (const watcher of watchers.splice(0)) watcher();
  };
  let arrivals = 0;
  let running = 0;
  const cloud = {
    executions,
    /** Number of injections of each fault. */
    fired,
    /** `execute n` for each execution request, and `list n` with the length of each list. */
    log,
    /** Number of execution requests. */
    get arrivals() {
      return arrivals;
    },
    /** Maximum number of concurrent executions. */
    peak: 0,
    /** Delay between the start of an execution and its listing, in milliseconds. */
    lag: 0,
    /** The order of the list: newest first. */
    order: (/** @type {Execution[]} */ list) => list.toReversed(),
    /** Additional or changed fields of a listed execution. */
    view: /** @type {(execution: Execution) => object} */ (() => ({})),
    /** Handles an execution request. By default, executes it and responds immediately. @type {(arrival: Arrival) => unknown} */
    onExecute: (/** @type {Arrival} */ arrival) => arrival.respond(arrival.start()),
    /** Called for each request except preflights. @type {((method: string, url: string) => void) | undefined} */
    onRequest: undefined,
    /** Handles any other request. @type {((method: string, path: string, outgoing: Outgoing) => unknown) | undefined} */
    onOther: undefined,
    /** Counts an injected fault. @param {string} name */
    fire(name) {
      fired[name] = (fired[name] ?? 0) + 1;
    },
    /** Executes for another user of the account. @param {unknown} result @param {number} [startedAt] */
    executeForeign(result, startedAt = Date.now()) {
      cloud.fire("foreign");
      const listedAt = startedAt + cloud.lag;
      executions.push({ id: randomUUID(), result, startedAt, finishedAt: startedAt, listedAt });
    },
    /** Resolves once a condition is true, which is checked after every request. @param {() => boolean} isTrue */
    async when(isTrue) {
      while (!isTrue()) await new Promise((resolve) => watchers.push(() => resolve(undefined)));
    },
    /** Resets the state and the behaviour. */
    reset() {
      executions.length = 0;
      log.length = 0;
      for (const name of Object.keys(fired)) delete fired[name];
      arrivals = 0;
      running = 0;
      Object.assign(cloud, initial);
    },
  };
  const { peak, lag, order, view, onExecute, onRequest, onOther } = cloud;
  const initial = { peak, lag, order, view, onExecute, onRequest, onOther };

  /** @param {Outgoing} outgoing @param {unknown} value @param {number} [status] @param {Record<string, string>} [headers] */
  const json = (outgoing, value, status = 200, headers = {}) => {
    if (outgoing.destroyed) return;
    outgoing.writeHead(status, {
      ...CORS,
      "content-type": "application/json",
      connection: "close",
      ...headers,
    });
    outgoing.end(JSON.stringify(value));
  };
  const server = await listen(async (incoming, outgoing) => {
    const { method = "", url = "" } = incoming;
    // Closes each connection: a browser retries requests that were lost on a reused connection.
    if (method === "OPTIONS") {
      const allowed = { ...CORS, "access-control-allow-methods": "*", connection: "close" };
      return outgoing.writeHead(204, allowed).end();
    }
    cloud.onRequest?.(method, url);
    let body = "";
    for await (const part of incoming) body += part;
    if (/\/execute$/.test(url)) execute(body, outgoing);
    else if (/\/executions(\?|$)/.test(url)) list(url, outgoing);
    else if (/\/output$/.test(url)) output(url, outgoing);
    else if (url.startsWith("/download/")) download(url, outgoing);
    else if (cloud.onOther) cloud.onOther(method, url, outgoing);
    else json(outgoing, { detail: "Not Found" }, 404);
    changed();
  });

  /** @param {string} body @param {Outgoing} outgoing */
  function execute(body, outgoing) {
    const { parameters } = JSON.parse(body || "{}");
    log.push(`execute ${parameters?.n}`);
    const count = arrivals++;
    cloud.onExecute({
      count,
      parameters,
      lose: () => outgoing.destroy(),
      start: () => {
        const startedAt = Date.now();
        const listedAt = startedAt + cloud.lag;
        if (cloud.lag > 0) cloud.fire("lag");
        /** @type {Execution} */
        const execution = {
          id: randomUUID(),
          result: parameters,
          startedAt,
          finishedAt: undefined,
          listedAt,
        };
        executions.push(execution);
        running += 1;
        cloud.peak = Math.max(cloud.peak, running);
        return execution;
      },
      end,
      refuse: (status, body, headers) => json(outgoing, body, status, headers),
      respond: (execution, status = 200, body = undefined) => {
        end(execution);
        json(outgoing, body ?? { success: true, result: execution.result }, status);
      },
    });
  }

  /** @param {Execution} execution */
  function end(execution) {
    execution.finishedAt = Date.now();
    running -= 1;
  }

  /** @param {string} url @param {Outgoing} outgoing */
  function list(url, outgoing) {
    const query = new URL(url, "http://localhost").searchParams;
    const skillId = url.split("/")[2]?.toLowerCase();
    const size = Number(query.get("pageSize") ?? 10);
    const number = Number(query.get("pageNumber") ?? 1);
    const shown = cloud.order(executions.filter(({ listedAt }) => listedAt <= Date.now()));
    const page = shown.slice((number - 1) * size, number * size);
    const items = page.map((execution) => {
      const { id, startedAt, finishedAt } = execution;
      const hasEnded = finishedAt !== undefined;
      return {
        id,
        skillId,
        status: hasEnded ? "completed" : "running",
        success: hasEnded,
        startedAt: new Date(startedAt).toISOString(),
        finishedAt: hasEnded ? new Date(finishedAt).toISOString() : null,
        latencyMs: hasEnded ? finishedAt - startedAt : null,
        hasOutput: hasEnded,
        ...cloud.view(execution),
      };
    });
    log.push(`list ${shown.length}`);
    json(outgoing, { items, totalItems: shown.length, pageNumber: number, pageSize: size });
  }

  /** @param {string} url @param {Outgoing} outgoing */
  function output(url, outgoing) {
    const id = url.split("/").at(-2) ?? "";
    json(outgoing, { downloadUrl: `http://127.0.0.1:${server.port}/download/${id}` });
  }

  /** @param {string} url @param {Outgoing} outgoing */
  function download(url, outgoing) {
    const execution = executions.find(({ id }) => url.endsWith(id));
    json(outgoing, execution ? execution.result : {}, execution ? 200 : 404);
  }
  return Object.assign(cloud, { json, close: server.close, baseUrl: `http://127.0.0.1:${server.port}` });
}
