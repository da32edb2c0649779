import type { OperationName } from "../generated/resources.js";
import { collect } from "./body.js";
import { UUID } from "./call.js";
import { canonicalJson, digest } from "./digest.js";
import { HttpError } from "./http-error.js";
import { duration, timeToLive } from "./options.js";
import { type ProxyStore, STORE_TIMEOUT, Store } from "./store.js";

/** How a proxy stores which user ran which execution. */
export interface ExecutionsOptions {
  /**
   * Where executions are stored.
   * @defaultValue the store of `idempotency`, else `memoryStore()`
   */
  store?: ProxyStore | undefined;
  /**
   * How long users can list an execution, in milliseconds.
   * @defaultValue 86,400,000, a day
   */
  ttl?: number | undefined;
  /**
   * Timeout of one store operation, in milliseconds.
   * @defaultValue 5,000
   */
  storeTimeout?: number | undefined;
}

/** An execution in the cloud's list: the fields used here. */
interface Item {
  id: string;
  success: boolean;
  startedAt: string;
  finishedAt: string | null;
  latencyMs: number | null;
  hasOutput: boolean;
}

/** An `execute` request that passed through the proxy. */
interface Run {
  id: string;
  /** Digest of the user id. */
  user: string;
  /** When the request was sent, and when its response was complete. */
  from: number;
  to: number;
  /** Digest of the result; undefined if there was none. */
  result?: string;
}

/** A finished execution, with the runs it may belong to. */
interface Candidate {
  item: Item;
  /** The matching runs of all users. */
  runs: Run[];
}

/**
 * A user's request for a list of executions.
 * @internal
 */
export interface ListRequest {
  user: string;
  skillId: string;
  pageNumber: number;
  pageSize: number;
  /** Sends a GET request to the cloud. */
  get: (path: string) => Promise<Response>;
  /** Downloads an output, without the key. */
  download: (url: string) => Promise<Response>;
  /** Called with the error if an output cannot be compared. */
  report: (error: unknown) => void;
}

const DAY = 86_400_000;
/** Page size of the cloud's list, and the maximum number of pages read. */
const PAGE_SIZE = 100;
const MAX_PAGES = 10;
/** Maximum difference between the clocks of the proxy and the cloud, in milliseconds. */
const CLOCK_SKEW = 60_000;
/** Maximum number of stored runs of a skill with the same success and latency. */
const MAX_SIMILAR_RUNS = 256;
/**
 * Maximum size of a compared result or output, in bytes.
 * @internal
 */
export const MAX_COMPARED_BYTES = 10 << 20;

/**
 * Determines which user ran which execution. The cloud does not know: all users of a proxy share one key, and the response
 * to `execute` has no execution id. So the proxy records each run when its response passes through. An execution in the
 * cloud's list belongs to a user if its success, latency, times and result prove that it is one of the user's runs.
 *
 * Runs are stored by skill, success and latency, each in a slot that is set once. So users cannot overwrite each other's
 * runs, and no read-modify-write is needed.
 * @internal
 */
export class Executions {
  /** Whether the proxy allows listing executions. */
  readonly isUsed: boolean;
  readonly #store: Store;
  readonly #ttl: number;

  constructor(options: ExecutionsOptions & { store: ProxyStore }, allowed: readonly OperationName[]) {
    const { store, storeTimeout = STORE_TIMEOUT, ttl = DAY } = options;
    this.isUsed = allowed.includes("skills.executions");
    this.#store = new Store(store, duration("executions.storeTimeout", storeTimeout));
    this.#ttl = timeToLive("executions.ttl", ttl);
  }

  /** Records a run, from the body of its response. */
  async record(user: string, skillId: string, sentAt: number, body: Uint8Array): Promise<void> {
    const { success, latencyMs, result = null } = JSON.parse(new TextDecoder().decode(body)) ?? {};
    if (typeof success !== "boolean" || typeof latencyMs !== "number") return;
    const run: Run = { id: crypto.randomUUID(), user: await digest(user), from: sentAt, to: Date.now() };
    if (result !== null) run.result = await digest(canonicalJson(result));
    const runs = runsKey(skillId, success, latencyMs);
    for (let slot = 0; slot < MAX_SIMILAR_RUNS; slot += 1)
      if (await this.#store.claim(`${runs}/${slot}`, JSON.stringify(run), this.#ttl)) return;
    throw new Error(
      `More than ${MAX_SIMILAR_RUNS} executions of a skill have the same success and latency: one will not be listed`,
    );
  }

  /** Throws a 404 unless the execution was in a list sent to this user. */
  async check(user: string, executionId: string): Promise<void> {
    const owner = await this.#store.get(ownerKey(executionId)).catch(storeUnavailable);
    if (owner !== (await digest(user))) throw new HttpError(404, "Execution not found");
  }

  /** Responds with a page of the user's executions. */
  async list(request: ListRequest): Promise<Response> {
    const { skillId, pageNumber, pageSize, get } = request;
    const items = new Map<string, Item>();
    let isComplete = false;
    for (let page = 1; page <= MAX_PAGES && !isComplete; page += 1) {
      const path = `/skills/${skillId}/executions?pageSize=${PAGE_SIZE}&pageNumber=${page}`;
      const response = await get(path);
      if (!response.ok) return response;
      const { items: found, totalItems } = await response.json().catch(badGateway);
      if (!Array.isArray(found)) badGateway(new TypeError("The list of executions has no items"));
      for (const item of found) if (UUID.test(item?.id)) items.set(item.id, item);
      isComplete = found.length === 0 || items.size >= totalItems;
    }
    const owned = await this.#owned(request, [...items.values()], isComplete).catch(storeUnavailable);
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
      const owner = await this.#store.get(ownerKey(item.id));
      if (owner === user) owned.add(item);
      if (owner !== undefined) continue;
      const proven = item.hasOutput
        ? await this.#matchByOutput(request, item, runs).catch(reportAndIgnore(request.report))
        : isComplete && matchWithoutOutput(item, runs, candidates);
      for (const run of proven || []) {
        if (run.user !== user || !(await this.#claim(item, run))) continue;
        owned.add(item);
        break;
      }
    }
    return items.filter((item) => owned.has(item));
  }

  /** Returns the finished executions, each with all runs of the same success and latency at that time. */
  async #candidates(skillId: string, items: Item[]): Promise<Candidate[]> {
    const cache = new Map<string, Promise<Run[]>>();
    const candidates = items.map(async (item) => {
      const { success, latencyMs } = item;
      if (latencyMs === null || item.finishedAt === null) return [];
      const name = runsKey(skillId, success, latencyMs);
      const runs = cache.get(name) ?? this.#runs(name);
      cache.set(name, runs);
      return [{ item, runs: (await runs).filter((run) => overlaps(item, run)) }];
    });
    return (await Promise.all(candidates)).flat();
  }

  async #runs(name: string): Promise<Run[]> {
    const runs: Run[] = [];
    for (let slot = 0; slot < MAX_SIMILAR_RUNS; slot += 1) {
      const text = await this.#store.get(`${name}/${slot}`);
      if (text === undefined) break;
      runs.push(JSON.parse(text));
    }
    return runs;
  }

  /** Returns the runs with the same result: their users know the output already, so showing it leaks nothing. */
  async #matchByOutput({ skillId, get, download }: ListRequest, item: Item, runs: Run[]): Promise<Run[]> {
    const response = await get(`/skills/${skillId}/executions/${item.id}/output`);
    if (!response.ok) return [];
    const { downloadUrl } = await response.json();
    const output = await download(String(downloadUrl));
    const { bytes, rest } = await collect(output.body, MAX_COMPARED_BYTES);
    if (rest) void rest.cancel();
    if (!output.ok || rest) return [];
    const hash = await digest(canonicalJson(parseOutput(new TextDecoder().decode(bytes))));
    return runs.filter(({ result }) => result === hash);
  }

  /** Links an execution and a run one to one; false if either is already linked. */
  async #claim({ id }: Item, run: Run): Promise<boolean> {
    const taken = `execution-of/${run.id}`;
    if (!(await this.#store.claim(taken, id, this.#ttl))) return false;
    if (await this.#store.claim(ownerKey(id), run.user, this.#ttl)) return true;
    await this.#store.delete(taken, id);
    return false;
  }
}

/** Matches an execution without output. It must have a single candidate run, which must have no other candidate. */
function matchWithoutOutput(item: Item, runs: Run[], candidates: Candidate[]): Run[] {
  const [run, another] = runs.filter(({ result }) => result === undefined);
  if (!run || another) return [];
  const isCandidate = (one: Candidate) => !one.item.hasOutput && one.runs.some(({ id }) => id === run.id);
  return candidates.every((one) => one.item === item || !isCandidate(one)) ? [run] : [];
}

function overlaps({ startedAt, finishedAt }: Item, { from, to }: Run): boolean {
  return Date.parse(startedAt) >= from - CLOCK_SKEW && Date.parse(finishedAt ?? "") <= to + CLOCK_SKEW;
}

function runsKey(skillId: string, success: boolean, latencyMs: number): string {
  return `runs/${skillId}/${success}/${latencyMs}`;
}

function ownerKey(executionId: string): string {
  return `owner/${executionId.toLowerCase()}`;
}

/** Parses an output as `execute` does: text that is not JSON is a string. */
function parseOutput(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function reportAndIgnore(report: (error: unknown) => void): (error: unknown) => [] {
  return (error) => {
    report(error);
    return [];
  };
}

function badGateway(reason: unknown): never {
  throw new HttpError(502, "Bad Gateway", { reason });
}

function storeUnavailable(reason: unknown): never {
  if (reason instanceof HttpError) throw reason;
  throw new HttpError(503, "The store of executions failed", { reason, headers: { "retry-after": "1" } });
}
