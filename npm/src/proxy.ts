// A proxy that holds the key, for whatever serves requests by the web's own Request and Response.
import { defaultBaseUrl } from "./generated/operations.js";
import type { OperationName } from "./generated/resources.js";
import { checkMediaType, readBody } from "./proxy/body.js";
import { type ProxyAllow, Reader } from "./proxy/call.js";
import { Origins } from "./proxy/origin.js";
import { Refusal } from "./proxy/refusal.js";
import { reporterOf } from "./proxy/report.js";
import { ask, type ProxyFetch } from "./proxy/upstream.js";

export type { OperationName } from "./generated/resources.js";
export type { ProxyAllow } from "./proxy/call.js";
export type {
  FastifyLikeReply,
  FastifyLikeRequest,
  NodeHandler,
  NodeRequest,
  NodeResponse,
} from "./proxy/node.js";
export { toNodeHandler } from "./proxy/node.js";
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
   * The origins whose pages may use it, exactly: `"https://app.example.com"`. The site's own is one of them, because
   * behind a load balancer nobody can tell which that is. A request without an `Origin` is let through if it only reads
   * (GET) and is not another site's: that is how browsers send what a page asks of its own origin. Anybody who is no
   * browser can send any `Origin`: users are told apart by `authorize`.
   */
  origins: readonly string[];
  /**
   * Whether this user may do this: `true` and nothing else lets it through. `false` is answered with 403, a `Response`
   * is the answer itself (a 401, say). What it throws is answered with 500. The body is not read yet, and must be left
   * for the proxy: take `request.clone()` to look at it.
   */
  authorize: (request: Request, call: ProxyCall) => ProxyVerdict | Promise<ProxyVerdict>;
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
   * Longest that the cloud may take, in milliseconds, up to the last byte of its answer. `Infinity` switches it off.
   * @defaultValue 60,000; for the two `execute` operations 300,000
   */
  timeout?: number | undefined;
  /**
   * Called with what the caller is not told: why the response was a 500, 502 or 504. Without it, the first of these errors
   * is written to the console, without the key, and the others are ignored.
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
}

/** What `authorize` says: yes, no, or the answer itself. */
export type ProxyVerdict = boolean | Response;

const DEFAULT_BASE_PATH = "/api/browser-use";
const DEFAULT_MAX_BODY_BYTES = 1 << 20;
const PRIVATE = /^https:\/\/|^http:\/\/(localhost|127(\.\d+){3}|\[::1\])(:\d+)?(\/|$)/i;

/**
 * Makes a proxy between pages and the cloud, that adds the key which pages must not have. It lets through what is
 * allowed and nothing else; of the caller's request only the values in the path, the query and the JSON body are passed on,
 * of the cloud's answer the status, the body, and the headers of use. Its own refusals look like the API's:
 * `{ "detail": "…" }`, and a 422's list.
 *
 * The key is taken out of refusals, should the cloud repeat it; what has succeeded is streamed as it comes.
 *
 * @throws `TypeError` An option is not what it should be.
 *
 * @example
 * const proxy = createProxy({
 *   apiKey: process.env.BROWSER_USE_API_KEY,
 *   allow: { operations: ["skills.execute"], skills: ["3c90c3cc-0d44-4b50-8888-8dd25736052a"] },
 *   origins: ["https://app.example.com"],
 *   authorize: async (request) => (await userOf(request)) !== undefined,
 * });
 */
export function createProxy(options: ProxyOptions): (request: Request) => Promise<Response> {
  const { basePath = DEFAULT_BASE_PATH, baseUrl = defaultBaseUrl, authorize } = options;
  const { maxBodyBytes = DEFAULT_MAX_BODY_BYTES, fetch: send = (...to) => fetch(...to) } = options;
  if (!/^(\/[^/?#]+)*\/?$/.test(basePath)) throw new TypeError('basePath must be a path: "/api/browser-use"');
  if (!PRIVATE.test(baseUrl)) throw new TypeError("baseUrl must be https, or on this machine");
  if (typeof authorize !== "function") throw new TypeError("authorize must be a function");
  if (!(maxBodyBytes >= 0)) throw new TypeError("maxBodyBytes must be a number of bytes");
  if (!((options.timeout ?? 1) > 0)) throw new TypeError("timeout must be a number of milliseconds");
  const place = withoutSlash(basePath);
  const base = withoutSlash(baseUrl);
  const origins = new Origins(options.origins);
  const reader = new Reader(options.allow);
  const report = reporterOf(options.onError);

  const answer = async (request: Request, secrets: { key?: string }): Promise<Response> => {
    origins.check(request);
    const preflight = origins.preflight(request);
    if (preflight) return preflight;
    const { path, query } = partsOf(request.url);
    if (!path.startsWith(`${place}/`)) throw new Refusal(404, "Not Found");
    const { operation, skillId, address } = reader.read(request.method, path.slice(place.length), query);
    if (operation.takesBody) checkMediaType(request);
    const verdict = await authorize(request, { operation: operation.name, skillId });
    if (verdict instanceof Response) return verdict;
    if (verdict !== true) throw new Refusal(403, "You may not do this");
    if (request.bodyUsed) throw new Error("authorize has read the body: it may read request.clone()");
    const body = operation.takesBody ? await readBody(request, maxBodyBytes) : undefined;
    const key = operation.needsKey ? await keyFrom(options.apiKey, request) : undefined;
    if (key !== undefined) secrets.key = key;
    const { method, timeout } = operation;
    const { signal } = request;
    const asked = { address: base + address, method, key, body, signal };
    return ask(send, { ...asked, timeout: options.timeout ?? timeout });
  };

  return async (request) => {
    const secrets: { key?: string } = {};
    const refuse = (error: unknown): Response => {
      const refusal = error instanceof Refusal ? error : new Refusal(500, "Internal Server Error", error);
      try {
        const { reason: error, response } = refusal;
        if (error !== undefined) report({ error, request, status: response.status, key: secrets.key });
      } catch {
        // A listener's own affair.
      }
      return refusal.response;
    };
    return origins.readable(await answer(request, secrets).catch(refuse), request);
  };
}

/** Asked for late and checked late: where sites are built, modules are loaded without the environment of the server. */
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
