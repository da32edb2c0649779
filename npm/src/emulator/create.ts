import type { EmulatorCore } from "wasm-emulator";
import { operations } from "../generated/operations.js";
import type { FetchInit } from "../options.js";
import { ADMIN, admin, createCore, handle, type Reply } from "./core.js";
import { respond } from "./respond.js";
import type { EmulatorFault, EmulatorRequests, EmulatorSettings } from "./settings.js";
import type { EmulatorSnapshot } from "./snapshot.js";

/** In-process emulator of the cloud, for pages, workers and tests. */
export interface Emulator {
  /** Pass it as the `fetch` option of a client. */
  readonly fetch: (url: string | URL, init?: Partial<FetchInit>) => Promise<Response>;
  /** Injects faults into the next requests. */
  addFault(...faults: EmulatorFault[]): Promise<void>;
  /** Removes all pending faults. */
  clearFaults(): Promise<void>;
  /** Returns the requests received since the emulator was created or reset. */
  requests(): Promise<EmulatorRequests>;
  /** Changes settings. */
  configure(settings: EmulatorSettings): Promise<void>;
  /** Publishes or unpublishes a skill, or sets its status. */
  changeSkill(id: string, change: { isPublic?: boolean; status?: string; hasCode?: boolean }): Promise<void>;
  /** Advances the emulator's clock, for example to finish a generation. */
  advance(milliseconds: number): Promise<void>;
  /** Deletes all state. `settings` override those of the emulator's creation. */
  reset(settings?: EmulatorSettings): Promise<void>;
  /** Returns the state: skills, executions, balance and other settings, pending faults and the clock; not the requests. */
  snapshot(): Promise<EmulatorSnapshot>;
  /**
   * Replaces the state by that of a snapshot. The clock has continued meanwhile: a generation or an execution that was
   * running has ended, or continues for the remaining time.
   *
   * @param snapshot - Result of `snapshot()`, or a copy of it by JSON or structured clone.
   * @throws `Error` The snapshot is invalid or has another version; the message says what is wrong. Nothing changes.
   */
  restore(snapshot: EmulatorSnapshot): Promise<void>;
}

/** Path of the base URL: what precedes the first segment of an operation's path. */
const BASE_PATH = new RegExp(
  `^.*?(?=/(?:${[...new Set(operations.map(({ path }) => path.split("/")[1]))].join("|")})(?:/|$))`,
);

const FAST: EmulatorSettings = { generationMs: 50, executionMs: 5 };

/**
 * Creates an emulator. The first request loads its WebAssembly.
 *
 * @example
 * const client = new BrowserUse({ apiKey: "bu_any", fetch: createEmulator().fetch });
 */
export function createEmulator(settings: EmulatorSettings = {}): Emulator {
  let core: Promise<EmulatorCore> | undefined;
  const ready = (): Promise<EmulatorCore> => {
    core ??= createCore({ ...FAST, ...settings });
    // The next request retries.
    core.catch(() => {
      core = undefined;
    });
    return core;
  };
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const text = body === undefined ? "" : JSON.stringify(body);
    const reply = admin(await ready(), method, ADMIN + path, text);
    if (reply.status >= 400) throw new Error(`The emulator responded with ${reply.status}: ${reply.body}`);
    return reply.body === "" ? undefined : JSON.parse(reply.body);
  };
  return {
    async fetch(target, init = {}) {
      init.signal?.throwIfAborted();
      const url = new URL(target, "http://emulator.invalid");
      return respond(request(await ready(), url, init), init.signal);
    },
    addFault: async (...faults) => void (await control("POST", "/faults", faults)),
    clearFaults: async () => void (await control("DELETE", "/faults")),
    requests: async () => (await control("GET", "/requests")) as EmulatorRequests,
    configure: async (changed) => void (await control("PATCH", "/settings", changed)),
    changeSkill: async (id, change) => void (await control("PATCH", `/skills/${id}`, change)),
    advance: async (ms) => void (await control("POST", "/advance", { ms })),
    snapshot: async () => (await control("GET", "/snapshot")) as EmulatorSnapshot,
    restore: async (snapshot) => void (await control("PUT", "/snapshot", snapshot)),
    reset: async (changed) => void (await control("POST", "/reset", { ...FAST, ...settings, ...changed })),
  };
}

function request(core: EmulatorCore, url: URL, init: Partial<FetchInit>): Reply {
  const { method = "GET", body = "" } = init;
  if (url.pathname.startsWith(`${ADMIN}/`)) return admin(core, method, url.pathname + url.search, body);
  return handle(core, {
    method,
    path: url.pathname.replace(BASE_PATH, ""),
    query: url.search.slice(1),
    headers: Object.fromEntries(new Headers(init.headers)),
    body,
    origin: url.origin,
  });
}
