// A proxy that holds the key, for whatever serves requests by the web's own Request and Response.
import { defaultBaseUrl } from "./generated/operations.js";
import type { OperationName } from "./generated/resources.js";
import { checkMediaType, readBody } from "./proxy/body.js";
import { type ProxyAllow, Reader } from "./proxy/call.js";
import { Executions, type ExecutionsOptions } from "./proxy/executions.js";
import { Forwarder } from "./proxy/forward.js";
import { Idempotency, type IdempotencyOptions, isReplayOnly, keyIn } from "./proxy/idempotency.js";
import { memoryStore } from "./proxy/memory.js";
import { duration, ownOptions } from "./proxy/options.js";
import { Origins } from "./proxy/origin.js";
import { Refusal } from "./proxy/refusal.js";
import { reporterOf } from "./proxy/report.js";
import { isPrivate, type ProxyFetch } from "./proxy/upstream.js";
import { userIn } from "./proxy/verdict.js";

export type { OperationName } from "./generated/resources.js";
export type { ProxyAllow } from "./proxy/call.js";
export type {
  DurableObjectNamespaceLike,
  DurableObjectResponseLike,
  DurableObjectStateLike,
  DurableObjectStorageLike,
  DurableObjectStubLike,
} from "./proxy/durable.js";
export { durableObjectStore, ProxyStoreObject } from "./proxy/durable.js";
export type { ExecutionsOptions } from "./proxy/executions.js";
export type { IdempotencyOptions } from "./proxy/idempotency.js";
export type { MemoryStoreOptions } from "./proxy/memory.js";
export { memoryStore } from "./proxy/memory.js";
export type {
  FastifyLikeReply,
  FastifyLikeRequest,
  NodeHandler,
  NodeRequest,
  NodeResponse,
} from "./proxy/node.js";
export { toNodeHandler } from "./proxy/node.js";
export type { RedisSend, RedisStoreOptions } from "./proxy/redis.js";
export { redisStore } from "./proxy/redis.js";
export type { ProxyStore } from "./proxy/store.js";
export type { ProxyFetch } from "./proxy/upstream.js";

/** What a proxy is made of. */
export interface ProxyOptions {
  /**
   * The key of the project, or a function that gives it, asked for every request that needs one. Sent to `baseUrl` and
   * nowhere else. While there is none, such requests are answered with 500.
   */
  apiKey: MaybeKey | ((request: Request) => MaybeKey | Promise<MaybeKey>);
  /**
   * What is let through. What is not named here is not.
   *
   * @throws `TypeError` `skills` goes together with `skills.list` or `skills.create`: they are about no skill in
   * particular. `marketplace.list` may stay: what it shows is public.
   */
  allow: ProxyAllow;
  /**
   * The origins whose pages may use it, exactly: `"https://app.example.com"`. List the site's own too: a proxy behind a load
   * balancer cannot find it out. A request without an `Origin` is let through if it only reads (GET) and does not come from
   * another site: browsers send such requests to the page's own origin. A program that is not a browser can send any
   * `Origin`: identify users with `authorize`.
   */
  origins: readonly string[];
  /**
   * Whether this user may do this. The user's id (a string that is not empty) lets the request through: idempotency keys,
   * kept responses and executions are this user's only. `true` lets it through as the one anonymous user, whose idempotency
   * keys all callers share. `false` is a 403, and a `Response` is sent as it is (a 401, for example). An error is a 500. The
   * body is not read yet and must be left for the proxy: read `request.clone()`.
   *
   * `skills.executions` and `skills.executionOutput` need a user's id: they respond with that user's executions only.
   */
  authorize: (request: Request, call: ProxyCall) => ProxyVerdict | Promise<ProxyVerdict>;
  /**
   * Runs a POST request that has an `Idempotency-Key` once: a repeat with the same key gets the response of the first. With
   * `true`, responses are kept in memory, which one process without restarts can use. Without this option, the header is
   * ignored.
   */
  idempotency?: boolean | IdempotencyOptions | undefined;
  /** How the proxy remembers who ran what, for `skills.executions` and `skills.executionOutput`. */
  executions?: ExecutionsOptions | undefined;
  /**
   * Where the proxy is: the path of the client's `baseUrl`.
   * @defaultValue `"/api/browser-use"`
   */
  basePath?: string | undefined;
  /**
   * Where the API is, over https or on this machine.
   * @defaultValue `"https://api.browser-use.com/api/v2"`
   */
  baseUrl?: string | undefined;
  /**
   * Longest body that is taken, in bytes. It is held in memory.
   * @defaultValue 1,048,576
   */
  maxBodyBytes?: number | undefined;
  /**
   * Longest that reading the caller's body may take, in milliseconds. Then the response is 408, and nothing is sent.
   * @defaultValue 30,000
   */
  bodyTimeout?: number | undefined;
  /**
   * Longest that the cloud may take, in milliseconds, up to the last byte of its response. At most a day (86,400,000).
   * @defaultValue 60,000; for the two `execute` operations 300,000
   */
  timeout?: number | undefined;
  /**
   * Called with what the caller is not told: why the response was a 500, 502, 503 or 504, why its body broke off, and which
   * operation of a store failed. Without it, the first of these errors is written to the console, without the key, and the
   * others are ignored.
   */
  onError?: ((error: unknown, request: Request) => void) | undefined;
  /** What to ask the cloud with instead of the global `fetch`. */
  fetch?: ProxyFetch | undefined;
}

/** A key; undefined as a variable of the environment may be. */
export type MaybeKey = string | undefined;

/** What a request asks for. */
export interface ProxyCall {
  /** What it asks to have done. */
  operation: OperationName;
  /** The skill's id (lower case), for `marketplace.get` its slug; undefined where the operation is about none. */
  skillId: string | undefined;
  /** The execution's id (lower case) for `skills.executionOutput`, else undefined. */
  executionId: string | undefined;
}

/** The result of `authorize`: the user's id or yes, no, or the response itself. */
export type ProxyVerdict = boolean | string | Response;

/**
 * What a runtime passes with a request. Of this object, only `waitUntil` is read: the context of Cloudflare Workers has one,
 * and what other servers pass as a second argument has none.
 */
export type ProxyContext = object & {
  /** Keeps the worker alive until a promise settles. */
  waitUntil?(promise: Promise<unknown>): void;
};

const DEFAULT_BASE_PATH = "/api/browser-use";
const DEFAULT_MAX_BODY_BYTES = 1 << 20;
const DEFAULT_BODY_TIMEOUT = 30_000;

/**
 * Makes a proxy between pages and the cloud. It adds the key, which pages must not have, and lets through only what is
 * allowed. Of the caller's request only the values in the path, the query and the JSON body are passed on, of the cloud's
 * response the status, the body, and the useful headers. Its own refusals have the format of the API: `{ "detail": "…" }`,
 * and the list of a 422.
 *
 * The key is removed from the cloud's refusals. A successful response is streamed; with an idempotency key it is first
 * kept.
 *
 * @throws `TypeError` An option is invalid.
 *
 * @example
 * const proxy = createProxy({
 *   apiKey: process.env.BROWSER_USE_API_KEY,
 *   allow: { operations: ["skills.execute"], skills: ["3c90c3cc-0d44-4b50-8888-8dd25736052a"] },
 *   origins: ["https://app.example.com"],
 *   authorize: async (request) => (await userOf(request)) ?? false,
 *   idempotency: true,
 * });
 */
export function createProxy(
  options: ProxyOptions,
): (request: Request, context?: ProxyContext) => Promise<Response> {
  const own = ownOptions("options", options);
  const { basePath = DEFAULT_BASE_PATH, baseUrl = defaultBaseUrl, authorize, timeout, fetch: send } = own;
  const { maxBodyBytes = DEFAULT_MAX_BODY_BYTES, bodyTimeout = DEFAULT_BODY_TIMEOUT } = own;
  if (!/^(\/[^/?#]+)*\/?$/.test(basePath)) throw new TypeError('basePath must be a path: "/api/browser-use"');
  if (!isPrivate(baseUrl)) throw new TypeError("baseUrl must be https, or on this machine");
  if (typeof authorize !== "function") throw new TypeError("authorize must be a function");
  if (!(maxBodyBytes >= 0)) throw new TypeError("maxBodyBytes must be a number of bytes");
  duration("bodyTimeout", bodyTimeout);
  if (timeout !== undefined) duration("timeout", timeout);
  const place = withoutSlash(basePath);
  const origins = new Origins(own.origins);
  const reader = new Reader(own.allow);
  const report = reporterOf(own.onError);
  const { idempotency, executions } = keepersOf(own);
  const forwarder = new Forwarder({ send, base: withoutSlash(baseUrl), timeout, idempotency, executions });

  const respond = async (request: Request, { context, secrets, tell }: Exchange): Promise<Response> => {
    origins.check(request);
    const preflight = origins.preflight(request);
    if (preflight) return preflight;
    const { path, query } = partsOf(request.url);
    if (!path.startsWith(`${place}/`)) throw new Refusal(404, "Not Found");
    const call = reader.read(request.method, path.slice(place.length), query);
    const { operation, skillId, executionId } = call;
    // Every operation that must not be sent twice is a POST, and no other is.
    const idempotencyKey = idempotency && operation.method === "POST" ? keyIn(request) : undefined;
    const replayOnly = idempotencyKey !== undefined && isReplayOnly(request);
    const takesBody = operation.takesBody && !replayOnly;
    if (takesBody) checkMediaType(request);
    const user = await userIn(await authorize(request, { operation: operation.name, skillId, executionId }));
    if (user instanceof Response) return user;
    if (request.bodyUsed) throw new Error("authorize has read the body: it may read request.clone()");
    const body = takesBody ? await readBody(request, maxBodyBytes, bodyTimeout) : undefined;
    const key = operation.needsKey ? await keyFrom(own.apiKey, request) : undefined;
    secrets.key = key;
    const { signal } = request;
    const responding = forwarder.respond({
      call,
      user,
      idempotencyKey,
      replayOnly,
      body,
      key,
      signal,
      report: tell,
    });
    if (idempotencyKey !== undefined) context?.waitUntil?.(responding.catch(() => {}));
    return responding;
  };

  return async (request, context) => {
    const secrets: Exchange["secrets"] = {};
    const tell = (error: unknown, status?: number) => {
      try {
        report({ error, request, status, key: secrets.key });
      } catch {
        // An error of the listener is not one of the proxy.
      }
    };
    const refuse = (error: unknown): Response => {
      const isRefusal = error instanceof Refusal;
      const refusal = isRefusal ? error : new Refusal(500, "Internal Server Error", { reason: error });
      const { status, more, response } = refusal;
      if (more.reason !== undefined) tell(more.reason, status);
      return response;
    };
    const response = await respond(request, { context, secrets, tell }).catch(refuse);
    return origins.readable(response, request);
  };
}

/** What goes with one request. */
interface Exchange {
  context: ProxyContext | undefined;
  /** The key of this request, once it is known. No report shows it. */
  secrets: { key?: string | undefined };
  /** Tells the proxy's owner about an error. */
  tell: (error: unknown, status?: number) => void;
}

function keepersOf({ idempotency = false, executions, allow }: ProxyOptions): {
  idempotency: Idempotency | undefined;
  executions: Executions;
} {
  const asked = idempotency === true ? {} : idempotency || undefined;
  const keys = asked && ownOptions("idempotency", asked);
  const runs = ownOptions("executions", executions ?? {});
  const store = keys?.store ?? memoryStore();
  return {
    idempotency: keys && new Idempotency({ ...keys, store }),
    executions: new Executions({ ...runs, store: runs.store ?? store }, allow.operations),
  };
}

/** Read and checked late: where sites are built, modules are loaded without the environment of the server. */
async function keyFrom(source: ProxyOptions["apiKey"], request: Request): Promise<string> {
  const key = typeof source === "function" ? await source(request) : source;
  // What cannot stand in a header would be repeated by the error of `fetch`.
  if (typeof key !== "string" || !/^[!-~]+$/.test(key))
    throw new Error("apiKey is missing or is not a valid key");
  return key;
}

/** Path and query as they were sent: `new URL` would tidy up what is to be refused. */
function partsOf(address: string): { path: string; query: string } {
  const [, path = "", query = ""] = /^[^:]+:\/\/[^/?#]*([^?#]*)\??([^#]*)/.exec(address) ?? [];
  return { path, query };
}

function withoutSlash(text: string): string {
  return text.replace(/\/$/, "");
}
