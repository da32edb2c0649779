// A proxy that adds the key, for servers that use the web's `Request` and `Response`.
import { defaultBaseUrl } from "./generated/operations.js";
import type { OperationName } from "./generated/resources.js";
import { checkMediaType, readBody } from "./proxy/body.js";
import { CallParser, type ProxyAllow } from "./proxy/call.js";
import { Executions, type ExecutionsOptions } from "./proxy/executions.js";
import { Forwarder } from "./proxy/forward.js";
import { HttpError } from "./proxy/http-error.js";
import {
  Idempotency,
  type IdempotencyOptions,
  isReplayOnly,
  readIdempotencyKey,
} from "./proxy/idempotency.js";
import { memoryStore } from "./proxy/memory.js";
import { duration, ownOptions } from "./proxy/options.js";
import { Origins } from "./proxy/origin.js";
import { createReporter } from "./proxy/report.js";
import { isPrivate, type ProxyFetch } from "./proxy/upstream.js";
import { resolveUser } from "./proxy/verdict.js";

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

/** Options of a proxy. */
export interface ProxyOptions {
  /**
   * API key of the project, or a function that returns it, called for every request that needs a key. Sent only to
   * `baseUrl`. If it is missing, the proxy responds with 500 to these requests.
   */
  apiKey: MaybeKey | ((request: Request) => MaybeKey | Promise<MaybeKey>);
  /**
   * The allowed operations and skills. All others are rejected.
   *
   * @throws `TypeError` `skills` is combined with an operation that is not restricted to a skill: `skills.list`,
   * `skills.create`, and those of sessions, billing and profiles.
   * `marketplace.list` is allowed: it returns public data.
   */
  allow: ProxyAllow;
  /**
   * The exact origins whose pages may use the proxy: `"https://app.example.com"`. Include the site's own origin: behind a
   * load balancer, the proxy cannot detect it. A request without `Origin` is allowed if it is a GET that does not come from
   * another site, as browsers send to the page's own origin. Programs other than browsers can send any `Origin`: identify
   * users with `authorize`.
   */
  origins: readonly string[];
  /**
   * Authorizes a request. Returns one of:
   * - the user's id, a non-empty string: allowed. Idempotency keys, stored responses and executions belong to this user.
   * - `true`: allowed as the anonymous user, whose idempotency keys all callers share.
   * - `false`: rejected with 403.
   * - a `Response`: sent unchanged, for example a 401.
   *
   * An error is a 500. Do not read the body, which the proxy reads later: read `request.clone()`.
   *
   * `skills.executions` and `skills.executionOutput` require a user id: they return only that user's executions.
   */
  authorize: (request: Request, call: ProxyCall) => ProxyVerdict | Promise<ProxyVerdict>;
  /**
   * Runs a POST request with an `Idempotency-Key` once: a retry with the same key gets the stored response. `true` stores
   * responses in memory, which suits a single process and does not survive restarts. Without this option, the header is
   * ignored.
   */
  idempotency?: boolean | IdempotencyOptions | undefined;
  /** How the proxy stores which user ran which execution, for `skills.executions` and `skills.executionOutput`. */
  executions?: ExecutionsOptions | undefined;
  /**
   * Path of the proxy: the path of the client's `baseUrl`.
   * @defaultValue `"/api/browser-use"`
   */
  basePath?: string | undefined;
  /**
   * Base URL of the API: https, or http on localhost.
   * @defaultValue `"https://api.browser-use.com/api/v2"`
   */
  baseUrl?: string | undefined;
  /**
   * Maximum size of a request body, in bytes. Bodies are buffered in memory.
   * @defaultValue 1,048,576
   */
  maxBodyBytes?: number | undefined;
  /**
   * Timeout for reading the request body, in milliseconds. When it expires, the proxy responds with 408 and sends nothing
   * to the cloud.
   * @defaultValue 30,000
   */
  bodyTimeout?: number | undefined;
  /**
   * Timeout of a request to the cloud, in milliseconds, up to the last byte of the response. At most 86,400,000, a day.
   * @defaultValue 60,000; for the two `execute` operations 300,000
   */
  timeout?: number | undefined;
  /**
   * Called with errors that the caller does not see: the cause of a 500, 502, 503 or 504, of an interrupted response body,
   * and of a failed store operation. Without it, the first error is logged to the console, without the key, and the
   * others are ignored.
   */
  onError?: ((error: unknown, request: Request) => void) | undefined;
  /** Replacement for the global `fetch`, for requests to the cloud. */
  fetch?: ProxyFetch | undefined;
}

/** A key; undefined if, for example, an environment variable is not set. */
export type MaybeKey = string | undefined;

/** The operation that a request calls. */
export interface ProxyCall {
  /** The operation. */
  operation: OperationName;
  /** Id of the skill (lower case), or its slug for `marketplace.get`; undefined if the operation has no skill. */
  skillId: string | undefined;
  /** Id of the execution (lower case) for `skills.executionOutput`; otherwise undefined. */
  executionId: string | undefined;
}

/** Result of `authorize`: a user id or true (allowed), false (rejected), or a response. */
export type ProxyVerdict = boolean | string | Response;

/**
 * Context that a runtime passes with a request. Only `waitUntil` is used, which Cloudflare Workers provide. Other second
 * arguments are ignored.
 */
export type ProxyContext = object & {
  /** Keeps the worker alive until a promise settles. */
  waitUntil?(promise: Promise<unknown>): void;
};

const DEFAULT_BASE_PATH = "/api/browser-use";
const DEFAULT_MAX_BODY_BYTES = 1 << 20;
const DEFAULT_BODY_TIMEOUT = 30_000;

/**
 * Creates a proxy between pages and the cloud. It adds the key, which pages must not have, and allows only the configured
 * operations. It forwards the path values, the query and the JSON body of a request, and the status, the body and selected
 * headers of a response. Its own errors have the format of the API: `{ "detail": "…" }`, or a list for a 422.
 *
 * The key is redacted from error responses. Successful responses are streamed; those with an idempotency key are stored
 * first.
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
  if (!isPrivate(baseUrl)) throw new TypeError("baseUrl must be https, or http on localhost");
  if (typeof authorize !== "function") throw new TypeError("authorize must be a function");
  if (!(maxBodyBytes >= 0)) throw new TypeError("maxBodyBytes must be a number of bytes");
  duration("bodyTimeout", bodyTimeout);
  if (timeout !== undefined) duration("timeout", timeout);
  const base = trimSlash(basePath);
  const origins = new Origins(own.origins);
  const parser = new CallParser(own.allow);
  const report = createReporter(own.onError);
  const { idempotency, executions } = createState(own);
  const forwarder = new Forwarder({ send, base: trimSlash(baseUrl), timeout, idempotency, executions });

  const respond = async (
    request: Request,
    { context, secrets, reportError }: Exchange,
  ): Promise<Response> => {
    origins.check(request);
    const preflight = origins.preflight(request);
    if (preflight) return preflight;
    const { path, query } = splitUrl(request.url);
    if (!path.startsWith(`${base}/`)) throw new HttpError(404, "Not Found");
    const call = parser.parse(request.method, path.slice(base.length), query);
    const { operation, skillId, executionId } = call;
    // Exactly the operations that must not run twice are POST requests.
    const idempotencyKey =
      idempotency && operation.method === "POST" ? readIdempotencyKey(request) : undefined;
    const replayOnly = idempotencyKey !== undefined && isReplayOnly(request);
    const takesBody = operation.takesBody && !replayOnly;
    if (takesBody) checkMediaType(request);
    const user = await resolveUser(
      await authorize(request, { operation: operation.name, skillId, executionId }),
    );
    if (user instanceof Response) return user;
    if (request.bodyUsed) throw new Error("authorize has read the body: read request.clone() instead");
    const body = takesBody ? await readBody(request, maxBodyBytes, bodyTimeout) : undefined;
    const key = operation.needsKey ? await resolveKey(own.apiKey, request) : undefined;
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
      report: reportError,
    });
    if (idempotencyKey !== undefined) context?.waitUntil?.(responding.catch(() => {}));
    return responding;
  };

  return async (request, context) => {
    const secrets: Exchange["secrets"] = {};
    const reportError = (error: unknown, status?: number) => {
      try {
        report({ error, request, status, key: secrets.key });
      } catch {
        // Errors thrown by `onError` are ignored.
      }
    };
    const toResponse = (error: unknown): Response => {
      const isHttpError = error instanceof HttpError;
      const httpError = isHttpError ? error : new HttpError(500, "Internal Server Error", { reason: error });
      const { status, options, response } = httpError;
      if (options.reason !== undefined) reportError(options.reason, status);
      return response;
    };
    const response = await respond(request, { context, secrets, reportError }).catch(toResponse);
    return origins.addCorsHeaders(response, request);
  };
}

/** State of one request. */
interface Exchange {
  context: ProxyContext | undefined;
  /** The key of this request, once resolved. Redacted from warnings. */
  secrets: { key?: string | undefined };
  /** Reports an error to the operator of the proxy. */
  reportError: (error: unknown, status?: number) => void;
}

function createState({ idempotency = false, executions, allow }: ProxyOptions): {
  idempotency: Idempotency | undefined;
  executions: Executions;
} {
  const given = idempotency === true ? {} : idempotency || undefined;
  const keyOptions = given && ownOptions("idempotency", given);
  const runOptions = ownOptions("executions", executions ?? {});
  const store = keyOptions?.store ?? memoryStore();
  return {
    idempotency: keyOptions && new Idempotency({ ...keyOptions, store }),
    executions: new Executions({ ...runOptions, store: runOptions.store ?? store }, allow.operations),
  };
}

/** Resolves the key for each request: a site build loads modules without the server's environment variables. */
async function resolveKey(source: ProxyOptions["apiKey"], request: Request): Promise<string> {
  const key = typeof source === "function" ? await source(request) : source;
  // `fetch` would quote an invalid header value in its error.
  if (typeof key !== "string" || !/^[!-~]+$/.test(key))
    throw new Error("apiKey is missing or is not a valid key");
  return key;
}

/** Splits a URL into its raw path and query: `new URL` would normalize paths that must be rejected. */
function splitUrl(url: string): { path: string; query: string } {
  const [, path = "", query = ""] = /^[^:]+:\/\/[^/?#]*([^?#]*)\??([^#]*)/.exec(url) ?? [];
  return { path, query };
}

function trimSlash(text: string): string {
  return text.replace(/\/$/, "");
}
