// Code of users. Compiled with strict settings and the packed package.
import {
  BrowserUse,
  type BrowserUseErrorUnion,
  type BrowserUseOptions,
  type ErrorCode,
  isBrowserUseError,
  type Page,
  type SkillCategory,
  type SkillListResponse,
  SkillNotFoundError,
  type SkillResponse,
  TimeoutError,
} from "browser-use-skills";
import { createEmulator, type Emulator } from "browser-use-skills/emulator";
import { extensionJournal, indexedDbJournal, storageJournal } from "browser-use-skills/journal";
import {
  createProxy,
  durableObjectStore,
  memoryStore,
  type NodeHandler,
  type ProxyCall,
  type ProxyStore,
  ProxyStoreObject,
  redisStore,
  toNodeHandler,
} from "browser-use-skills/proxy";

interface Story {
  title: string;
  points: number;
}

const options: BrowserUseOptions = { apiKey: async () => "bu_1", baseUrl: "/api", timeout: 1000, fetch };
const client = new BrowserUse(options);
new BrowserUse({ apiKey: ({ reason }) => (reason === "rejected" ? "bu_2" : "bu_1"), totalTimeout: 5000 });
new BrowserUse();
new BrowserUse({ fetch: async (url, init) => new Response(`${init.method} ${url}`) });
new BrowserUse({ fetch: async (url: string, init: RequestInit) => new Response(url + init.method) });

export async function calls(signal: AbortSignal): Promise<string> {
  await BrowserUse.load(new URL("https://example.com/x.wasm"));
  const { id } = await client.skills.create({ title: null, goal: "g", agentPrompt: "p" }, { signal });
  const category: SkillCategory = "e_commerce";
  await client.skills.list(
    { category, pageSize: 5, isPublic: null },
    { maxRetries: 0, headers: { "X-A": "b" } },
  );
  const skill: SkillResponse = await client.skills.get(id);
  if (skill.status === "finished") await client.skills.update(id, { title: null, categories: ["news"] });
  const names: string[] = skill.parameters.map((parameter) => parameter.name);
  const run = await client.skills.execute<Story[]>(id, { parameters: { limit: 3 }, sessionId: null });
  const first: string | undefined = run.result?.[0]?.title;
  const untyped = await client.marketplace.execute(id);
  const unknown: unknown = untyped.result;
  const deleted: Promise<void> = client.skills.delete(id);
  await deleted;
  const version: number | null = (await client.skills.rollback(id)).currentVersion;
  const { attempts, data } = await client.skills.get(id).withResponse();
  const again: [number, SkillResponse] = [attempts, data];
  const url: string = (await client.skills.executionOutput(id, id)).downloadUrl;
  const count: number = (await client.marketplace.list()).items[0]?.cloneCount ?? 0;
  return [first, unknown, again, version, url, count, ...names].join();
}

export function failures(error: unknown): string {
  if (error instanceof SkillNotFoundError) {
    const code: "skill_not_found" = error.code;
    return code;
  }
  if (isBrowserUseError(error, "invalid_request")) {
    return error.issues.map((issue) => `${issue.path}: ${issue.msg}`).join();
  }
  if (error instanceof TimeoutError) {
    const limit: "timeout" | "totalTimeout" | "waitTimeout" = error.limit;
    return `${limit} after ${error.elapsed.toFixed()} ms`;
  }
  if (isBrowserUseError(error)) {
    const code: ErrorCode = error.code;
    if (error.retryable && error.operation === "skills.get") return "try again";
    return `${code} ${error.status ?? ""} ${error.detail ?? ""} ${error.operation ?? ""} ${detailOf(error)}`;
  }
  return "";
}

function detailOf(error: BrowserUseErrorUnion): string {
  switch (error.code) {
    case "ambiguous_execution":
      return error.candidates.map(({ id }) => id).join();
    case "rate_limit":
      return (error.retryAfter ?? 0).toFixed();
    case "load":
      return error.reason;
    case "timeout":
      return error.limit;
    default:
      return "";
  }
}

export async function pages(): Promise<number> {
  const params = { pageSize: 5 };
  const page: Page<SkillListResponse> = await client.skills.list(params);
  const next = page.hasNextPage ? { ...params, pageNumber: page.pageNumber + 1 } : undefined;
  const list = client.marketplace.list(next).nextPage();
  for await (const skill of list) console.debug(skill.cloneCount);
  const { data } = await list.nextPage().withResponse();
  return data.items.length + (data.hasNextPage ? 1 : 0);
}

const emulator: Emulator = createEmulator({ credits: 5, seed: 1 });
new BrowserUse({ apiKey: "bu_1", fetch: emulator.fetch });
export const faulty: Promise<void> = emulator.addFault({
  kind: "status",
  status: 429,
  operation: "skills.execute",
});
client.free();

// As in @types/chrome, with promises and callbacks.
declare const area: {
  get<T = { [key: string]: unknown }>(keys?: keyof T | Array<keyof T> | Partial<T> | null): Promise<T>;
  get<T>(keys: keyof T | null, callback: (items: T) => void): void;
  set<T>(items: Partial<T>): Promise<void>;
  remove<T>(keys: keyof T | Array<keyof T>): Promise<void>;
};

export async function neverLost(): Promise<void> {
  new BrowserUse({ journal: extensionJournal(area), maxConcurrent: 3 });
  new BrowserUse({ journal: storageJournal(sessionStorage) });
  const kept = new BrowserUse({
    journal: indexedDbJournal("mine"),
    onEvent: (event) => {
      if (event.type === "requestSent") console.debug(event.callId, event.operation, event.attempt);
      if (event.type === "retryPlanned") console.debug(event.delay, event.code);
      if (event.type === "responseReceived") console.debug(event.status, event.duration);
      if (event.type === "callFailed") console.debug(event.code === "aborted");
    },
  });
  const run = await kept.skills.execute<Story[]>("id", {}, { recover: { tag: "row 1", grace: 5000 } });
  const isRecovered: true | undefined = run.recovered;
  console.debug(isRecovered, run.executionId, run.result?.[0]?.title, kept.pending.waiting);
  await kept.skill<{ limit: number }, Story[]>("id").run({ limit: 1 }, { recover: true });
  for (const { tag, skillId, sentAt, result } of await kept.resume()) {
    console.debug(tag, skillId, sentAt.getTime(), (await result).success);
  }
}

export const proxy: (request: Request) => Promise<Response> = createProxy({
  apiKey: async (request) => `bu_${request.method}`,
  allow: { operations: ["skills.get", "marketplace.list"], skills: ["id"] },
  origins: ["https://app.example.com"],
  authorize: (request, { operation, skillId }: ProxyCall) =>
    operation === "skills.get" && skillId === "id" ? request.headers.has("cookie") : new Response(null),
});

export const handler: NodeHandler = toNodeHandler(proxy);

/** A store of the user, whose methods may be synchronous. */
const map = new Map<string, string>();
const mine: ProxyStore = {
  get: (key) => map.get(key),
  set: (key, value) => map.set(key, value),
  setIfAbsent: (key, value) => !map.has(key) && map.set(key, value).has(key),
  delete: (key, value) => map.get(key) === value && map.delete(key),
};

/** As the Redis clients declare them. */
declare const nodeRedis: { sendCommand(args: readonly string[]): Promise<unknown> };
declare const ioredis: { call(command: string, ...args: (string | Uint8Array | number)[]): Promise<unknown> };
declare const namespace: Parameters<typeof durableObjectStore>[0];
export const stores: ProxyStore[] = [
  mine,
  memoryStore({ maxKeys: 10, maxBytes: 1000 }),
  redisStore((...args) => nodeRedis.sendCommand(args)),
  redisStore((command, ...args) => ioredis.call(command, ...args), { prefix: "mine:" }),
  durableObjectStore(namespace),
];
export class Stored extends ProxyStoreObject {}

export const shared = createProxy({
  apiKey: "bu_1",
  allow: { operations: ["skills.execute", "skills.executions", "skills.executionOutput"] },
  origins: [],
  authorize: async (request, { executionId }: ProxyCall) =>
    executionId === undefined ? "a user" : request.headers.has("cookie"),
  idempotency: { store: mine, ttl: 1000, lease: 1000, storeTimeout: 1000, maxResponseBytes: 1000 },
  executions: { store: mine, ttl: 1000 },
  bodyTimeout: 1000,
});
/** The second argument that servers pass. */
interface Environment {
  SECRET: string;
}
export const route: (request: Request, context: { params: Promise<object> }) => Promise<Response> = shared;
export const worker: { fetch(request: Request, environment: Environment): Promise<Response> } = {
  fetch: shared,
};
export const kept = (request: Request, context: { waitUntil(promise: Promise<unknown>): void }) =>
  shared(request, context);

export async function known(): Promise<void> {
  const stories = client.skill("3c90c3cc-0d44-4b50-8888-8dd25736052a");
  const found = await stories.run({ query: "q", "session id": "s" });
  const first: string | undefined = found[0]?.title;
  const wrapped = await client.skill("4c90c3cc-0d44-4b50-8888-8dd25736052a").run({});
  const count: number | undefined = wrapped.replies[0]?.replies.length;
  const unreadable: unknown = await client.skill("6c90c3cc-0d44-4b50-8888-8dd25736052a").run({});
  const own = await client.skill<{ a: 1 }, Story>("3c90c3cc-0d44-4b50-8888-8dd25736052a").run({ a: 1 });
  const other: unknown = await client.skill(first ?? "").run({ whatever: 1 });
  const thread = await client.skill("7c90c3cc-0d44-4b50-8888-8dd25736052a").run({ id: 1 });
  const author: string | null = thread.author;
  const [town, number]: [string, number] = thread.place;
  const end: number | undefined = thread.range?.[1];
  const votes: number | undefined = thread.votes?.up;
  const nested: string | null | undefined = thread.replies[0]?.first?.replies[0]?.author;
  const one: 1 | undefined = thread.length?.[0];
  console.debug(count, unreadable, own.points, other, author, town, number, end, votes, nested, one);
  const loaded = await client.skills.get("3c90c3cc-0d44-4b50-8888-8dd25736052a");
  const fromLoaded = await client.skill<"3c90c3cc-0d44-4b50-8888-8dd25736052a">(loaded).run({ query: "q" });
  const title: string | undefined = fromLoaded[0]?.title;
  const story: Story = await client.skill<{ a: 1 }, Story>(loaded).run({ a: 1 });
  const unknown: unknown = await client.skill(loaded, { unwrap: false }).run({ whatever: title });
  console.debug(story, unknown);
}
