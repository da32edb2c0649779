import type { OperationName } from "../generated/resources.js";
import { collect } from "./body.js";
import { UUID } from "./call.js";
import { canonicalJson, digest } from "./digest.js";
import { duration, timeToLive } from "./options.js";
import { Refusal } from "./refusal.js";
import { type ProxyStore, STORE_TIMEOUT, Store } from "./store.js";

/** How a proxy remembers who ran what. */
export interface ExecutionsOptions {
  /**
   * Where.
   * @defaultValue that of `idempotency`, else `memoryStore()`
   */
  store?: ProxyStore | undefined;
  /**
   * How long a user's execution is shown to that user, in milliseconds.
   * @defaultValue 86,400,000, a day
   */
  ttl?: number | undefined;
  /**
   * Longest that one operation of the store may take, in milliseconds.
   * @defaultValue 5,000
   */
  storeTimeout?: number | undefined;
}

/** An execution in the cloud's list, as far as it is read here. */
interface Item {
  id: string;
  success: boolean;
  startedAt: string;
  finishedAt: string | null;
  latencyMs: number | null;
  hasOutput: boolean;
}

/** An execution that has passed through the proxy. */
interface Run {
  id: string;
  /** A digest of the user. */
  user: string;
  /** When the request was sent and its response had come. */
  from: number;
  to: number;
  /** A digest of its result; undefined if it had none. */
  result?: string;
}

/** An ended execution that may be one of these runs. */
interface Candidate {
  item: Item;
  /** All runs that fit, of all users. */
  runs: Run[];
}

/**
 * A list request of a user.
 * @internal
 */
export interface ListRequest {
  user: string;
  skillId: string;
  pageNumber: number;
  pageSize: number;
  /** Asks the cloud for a path. */
  get: (path: string) => Promise<Response>;
  /** Downloads an output, without the key. */
  download: (url: string) => Promise<Response>;
  /** Called with why an output could not be compared. */
  report: (error: unknown) => void;
}

const DAY = 86_400_000;
/** Items of a page of the cloud's list, and most pages that are read of it. */
const PAGE_SIZE = 100;
const MOST_PAGES = 10;
/** How far the clocks of the proxy and the cloud may be apart, in milliseconds. */
const CLOCK_SKEW = 60_000;
/** Most runs of a skill with the same success and latency at a time. */
const MOST_ALIKE = 256;
/**
 * Longest result and output that are compared, in bytes.
 * @internal
 */
export const MOST_BYTES = 10 << 20;

/**
 * Who ran which execution. The cloud does not say: all users of a proxy have one key, and the response to `execute` has no
 * execution id. So each run is recorded when its response passes, and an execution in the cloud's list is a user's if
 * success, latency, times and result prove that it is one of the user's runs.
 *
 * Runs are stored by skill, success and latency, each in a slot that is set once: so no run of one user can hide that of
 * another, and nothing is read and written back.
 * @internal
 */
export class Executions {
  /** Whether users can list executions at all. */
  readonly isUsed: boolean;
  readonly #store: Store;
  readonly #ttl: number;

  constructor(options: ExecutionsOptions & { store: ProxyStore }, allowed: readonly OperationName[]) {
    const { store, storeTimeout = STORE_TIMEOUT, ttl = DAY } = options;
    this.isUsed = allowed.includes("skills.executions");
    this.#store = new Store(store, duration("executions.storeTimeout", storeTimeout));
    this.#ttl = timeToLive("executions.ttl", ttl);
  }

  /** Records a run by the body of its response. */
  async record(user: string, skillId: string, sentAt: number, body: Uint8Array): Promise<void> {
    const { success, latencyMs, result = null } = JSON.parse(new TextDecoder().decode(body)) ?? {};
    if (typeof success !== "boolean" || typeof latencyMs !== "number") return;
    const run: Run = { id: crypto.randomUUID(), user: await digest(user), from: sentAt, to: Date.now() };
    if (result !== null) run.result = await digest(canonicalJson(result));
    const runs = runsName(skillId, success, latencyMs);
    for (let slot = 0; slot < MOST_ALIKE; slot += 1)
      if (await this.#store.claim(`${runs}/${slot}`, JSON.stringify(run), this.#ttl)) return;
    throw new Error(
      `More than ${MOST_ALIKE} executions of a skill are alike: one of them will not be listed`,
    );
  }

  /** Refuses an execution that the user's list has not shown. */
  async check(user: string, executionId: string): Promise<void> {
    const owner = await this.#store.get(ownerName(executionId)).catch(unavailable);
    if (owner !== (await digest(user))) throw new Refusal(404, "Execution not found");
  }

  /** The page of the user's own executions. */
  async list(request: ListRequest): Promise<Response> {
    const { skillId, pageNumber, pageSize, get } = request;
    const items = new Map<string, Item>();
    let isComplete = false;
    for (let page = 1; page <= MOST_PAGES && !isComplete; page += 1) {
      const path = `/skills/${skillId}/executions?pageSize=${PAGE_SIZE}&pageNumber=${page}`;
      const response = await get(path);
      if (!response.ok) return response;
      const { items: found, totalItems } = await response.json().catch(malformed);
      if (!Array.isArray(found)) malformed(new TypeError("The list of executions has no items"));
      for (const item of found) if (UUID.test(item?.id)) items.set(item.id, item);
      isComplete = found.length === 0 || items.size >= totalItems;
    }
    const owned = await this.#owned(request, [...items.values()], isComplete).catch(unavailable);
    const first = (pageNumber - 1) * pageSize;
    const page = {
      items: owned.slice(first, first + pageSize),
      totalItems: owned.length,
      pageNumber,
      pageSize,
    };
    return Response.json(page, { headers: { "cache-control": "no-store" } });
  }

  async #owned(request: ListRequest, items: Item[], isComplete: boolean): Promise<Item[]> {
    const user = await digest(request.user);
    const candidates = await this.#candidates(request.skillId, items);
    const owned = new Set<Item>();
    for (const { item, runs } of candidates) {
      if (!runs.some((run) => run.user === user)) continue;
      const owner = await this.#store.get(ownerName(item.id));
      if (owner === user) owned.add(item);
      if (owner !== undefined) continue;
      const proven = item.hasOutput
        ? await this.#ofOutput(request, item, runs).catch(ignored(request.report))
        : isComplete && ofNoOutput(item, runs, candidates);
      for (const run of proven || []) {
        if (run.user !== user || !(await this.#claim(item, run))) continue;
        owned.add(item);
        break;
      }
    }
    return items.filter((item) => owned.has(item));
  }

  /** The ended executions, with all runs that have their success and latency and fit in time. */
  async #candidates(skillId: string, items: Item[]): Promise<Candidate[]> {
    const alike = new Map<string, Promise<Run[]>>();
    const candidates = items.map(async (item) => {
      const { success, latencyMs } = item;
      if (latencyMs === null || item.finishedAt === null) return [];
      const name = runsName(skillId, success, latencyMs);
      const known = alike.get(name) ?? this.#runs(name);
      alike.set(name, known);
      return [{ item, runs: (await known).filter((run) => fits(item, run)) }];
    });
    return (await Promise.all(candidates)).flat();
  }

  async #runs(name: string): Promise<Run[]> {
    const runs: Run[] = [];
    for (let slot = 0; slot < MOST_ALIKE; slot += 1) {
      const text = await this.#store.get(`${name}/${slot}`);
      if (text === undefined) break;
      runs.push(JSON.parse(text));
    }
    return runs;
  }

  /** The runs with the same result: to show one of them its output tells the user nothing new. */
  async #ofOutput({ skillId, get, download }: ListRequest, item: Item, runs: Run[]): Promise<Run[]> {
    const response = await get(`/skills/${skillId}/executions/${item.id}/output`);
    if (!response.ok) return [];
    const { downloadUrl } = await response.json();
    const output = await download(String(downloadUrl));
    const { bytes, rest } = await collect(output.body, MOST_BYTES);
    if (rest) void rest.cancel();
    if (!output.ok || rest) return [];
    const hash = await digest(canonicalJson(parsed(new TextDecoder().decode(bytes))));
    return runs.filter(({ result }) => result === hash);
  }

  /** Gives an execution to a run: each has at most one other. */
  async #claim({ id }: Item, run: Run): Promise<boolean> {
    const taken = `execution-of/${run.id}`;
    if (!(await this.#store.claim(taken, id, this.#ttl))) return false;
    if (await this.#store.claim(ownerName(id), run.user, this.#ttl)) return true;
    await this.#store.delete(taken, id);
    return false;
  }
}

/** Without output, an execution is a run only if it is the only one that fits, and the run the only one that fits it. */
function ofNoOutput(item: Item, runs: Run[], candidates: Candidate[]): Run[] {
  const [run, another] = runs.filter(({ result }) => result === undefined);
  if (!run || another) return [];
  const isFitting = (one: Candidate) => !one.item.hasOutput && one.runs.some(({ id }) => id === run.id);
  return candidates.every((one) => one.item === item || !isFitting(one)) ? [run] : [];
}

function fits({ startedAt, finishedAt }: Item, { from, to }: Run): boolean {
  return Date.parse(startedAt) >= from - CLOCK_SKEW && Date.parse(finishedAt ?? "") <= to + CLOCK_SKEW;
}

function runsName(skillId: string, success: boolean, latencyMs: number): string {
  return `runs/${skillId}/${success}/${latencyMs}`;
}

function ownerName(executionId: string): string {
  return `owner/${executionId.toLowerCase()}`;
}

/** An output as `execute` returns it: text that is no JSON is a string. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function ignored(report: (error: unknown) => void): (error: unknown) => [] {
  return (error) => {
    report(error);
    return [];
  };
}

function malformed(reason: unknown): never {
  throw new Refusal(502, "Bad Gateway", { reason });
}

function unavailable(reason: unknown): never {
  if (reason instanceof Refusal) throw reason;
  throw new Refusal(503, "The store of executions failed", { reason, headers: { "retry-after": "1" } });
}
