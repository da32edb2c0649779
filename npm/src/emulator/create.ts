import { EmulatorCore } from "wasm-emulator";
import type { FetchInit } from "../options.js";
import { explained } from "../reject.js";
import { loader } from "./load.js";
import { type Reply, respond } from "./respond.js";
import type { EmulatorFault, EmulatorRequests, EmulatorSettings } from "./settings.js";

/** A stand-in for the cloud inside a page, a worker or a test. */
export interface Emulator {
  /** Goes into the `fetch` option of a client. */
  readonly fetch: (address: string | URL, init?: Partial<FetchInit>) => Promise<Response>;
  /** Makes the next requests go wrong. */
  addFault(...faults: EmulatorFault[]): Promise<void>;
  /** Forgets the faults that have not happened yet. */
  clearFaults(): Promise<void>;
  /** What the emulator has seen since it was made or reset. */
  requests(): Promise<EmulatorRequests>;
  /** Changes settings while it runs. */
  configure(settings: EmulatorSettings): Promise<void>;
  /** Publishes a skill, takes it back, or forces its status. */
  changeSkill(id: string, change: { isPublic?: boolean; status?: string; hasCode?: boolean }): Promise<void>;
  /** Moves the emulator's clock forward, so that nobody has to wait for a generation. */
  advance(milliseconds: number): Promise<void>;
  /** Begins anew. */
  reset(settings?: EmulatorSettings): Promise<void>;
}

const QUICK: EmulatorSettings = { generationMs: 50, executionMs: 5 };

/**
 * Makes an emulator. Its WebAssembly is loaded by the first request.
 *
 * @example
 * const client = new BrowserUse({ apiKey: "bu_any", fetch: createEmulator().fetch });
 */
export function createEmulator(settings: EmulatorSettings = {}): Emulator {
  let core: Promise<EmulatorCore> | undefined;
  const ready = (): Promise<EmulatorCore> => {
    core ??= explained(loader.load({})).then(
      () => new EmulatorCore(JSON.stringify({ ...QUICK, ...settings }), Date.now()),
    );
    // The next request tries again.
    core.catch(() => {
      core = undefined;
    });
    return core;
  };
  const admin = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const text = body === undefined ? "" : JSON.stringify(body);
    const reply: Reply = JSON.parse((await ready()).admin(method, `/__emulator${path}`, text, Date.now()));
    if (reply.status >= 400) throw new Error(`The emulator refused: ${reply.body}`);
    return reply.body === "" ? undefined : JSON.parse(reply.body);
  };
  return {
    async fetch(address, init = {}) {
      init.signal?.throwIfAborted();
      const url = new URL(address, "http://emulator.invalid");
      return respond(ask(await ready(), url, init), init.signal);
    },
    addFault: async (...faults) => void (await admin("POST", "/faults", faults)),
    clearFaults: async () => void (await admin("DELETE", "/faults")),
    requests: async () => (await admin("GET", "/requests")) as EmulatorRequests,
    configure: async (changed) => void (await admin("PATCH", "/settings", changed)),
    changeSkill: async (id, change) => void (await admin("PATCH", `/skills/${id}`, change)),
    advance: async (ms) => void (await admin("POST", "/advance", { ms })),
    reset: async (changed) => void (await admin("POST", "/reset", { ...QUICK, ...settings, ...changed })),
  };
}

function ask(core: EmulatorCore, url: URL, init: Partial<FetchInit>): Reply {
  const method = init.method ?? "GET";
  const body = init.body ?? "";
  if (url.pathname.startsWith("/__emulator/")) {
    return JSON.parse(core.admin(method, url.pathname + url.search, body, Date.now()));
  }
  const headers = new Headers(init.headers);
  // Whatever the base address is, the API's own paths begin with one of these two.
  const path = url.pathname.replace(/^.*?(?=\/(?:skills|marketplace)(?:\/|$))/, "");
  return JSON.parse(
    core.handle(
      method,
      path,
      url.search.slice(1),
      headers.get("x-browser-use-api-key") ?? undefined,
      headers.get("content-type") ?? undefined,
      body,
      [...headers.keys()].join(","),
      url.origin,
      Date.now(),
    ),
  );
}
