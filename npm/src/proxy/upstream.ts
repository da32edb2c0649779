import { keyHeader } from "../generated/operations.js";
import { Refusal } from "./refusal.js";

/** What is sent with a request to the cloud. */
export interface UpstreamRequest {
  address: string;
  method: string;
  key: string | undefined;
  body: Uint8Array<ArrayBuffer> | undefined;
  /** The caller's; undefined if the request goes on when the caller has left. */
  signal: AbortSignal | undefined;
  /** In milliseconds, up to the last byte of the response. */
  timeout: number;
}

/** Anything that can be called like the global `fetch`. */
export type ProxyFetch = (address: string, init: RequestInit) => Promise<Response>;

/** What a caller may know of the cloud's headers, besides the type of the body. */
const USEFUL = /^(retry-after|x-ratelimit-.*|x-request-id)$/;

/** What failed before there was a connection, in Node's words: `connect`, `getaddrinfo`, `UND_ERR_CONNECT_TIMEOUT`. */
const CONNECTING = /^connect$|addrinfo|CONNECT_TIMEOUT/;

/**
 * Sends a request that is made of nothing but this, and takes out of the response what a caller has no use for.
 *
 * @param send - Instead of the global `fetch`. Its errors do not prove that nothing was sent: it may have retried.
 * @internal
 */
export async function ask(send: ProxyFetch | undefined, request: UpstreamRequest): Promise<Response> {
  const { address, method, key, body } = request;
  const headers: Record<string, string> = { accept: "application/json" };
  if (key !== undefined) headers[keyHeader] = key;
  if (body) headers["content-type"] = "application/json";
  const limit = AbortSignal.timeout(request.timeout);
  const signal = request.signal ? AbortSignal.any([request.signal, limit]) : limit;
  // Not `redirect: "error"`: workerd has only the other two.
  const init: RequestInit = { method, headers, redirect: "manual", signal };
  if (body) init.body = body;
  if (knowsCache()) init.cache = "no-store";
  try {
    return await clean(await (send ?? fetch)(address, init), key);
  } catch (error) {
    throw lost(error, !send && neverConnected(error) ? { maybeExecuted: false } : {});
  }
}

/**
 * What the caller gets when there is no usable response.
 * @internal
 */
export function lost(reason: unknown, more: { maybeExecuted?: boolean }): Refusal {
  const isLate = reason instanceof Error && reason.name === "TimeoutError";
  if (isLate) return new Refusal(504, "Gateway Timeout", { reason, ...more });
  return new Refusal(502, "Bad Gateway", { reason, ...more });
}

/**
 * Downloads an output from where the cloud has put it. The URL is a secret of its own, and the key is not sent.
 * @internal
 */
export function download(
  send: ProxyFetch | undefined,
  url: string,
  signal: AbortSignal,
  timeout: number,
): Promise<Response> {
  if (!isPrivate(url)) throw new Error("The URL of the output is neither https nor on this machine");
  const signals = [signal, AbortSignal.timeout(timeout)];
  return (send ?? fetch)(url, { method: "GET", redirect: "manual", signal: AbortSignal.any(signals) });
}

/**
 * Whether a URL is https or on this machine.
 * @internal
 */
export function isPrivate(url: string): boolean {
  return /^https:\/\/|^http:\/\/(localhost|127(\.\d+){3}|\[::1\])(:\d+)?(\/|$)/i.test(url);
}

/** Whether what `fetch` threw proves that there was no connection. Only Node tells, for each of a host's IP addresses. */
function neverConnected(thrown: unknown): boolean {
  const { cause } = thrown as { cause?: { errors?: unknown } };
  const errors = Array.isArray(cause?.errors) ? cause.errors : [cause];
  return errors.length > 0 && errors.every((error) => CONNECTING.test(error?.syscall ?? error?.code ?? ""));
}

async function clean(response: Response, key: string | undefined): Promise<Response> {
  const { status } = response;
  if (status < 200 || (status >= 300 && status < 400)) {
    void response.body?.cancel();
    throw new Error(`the cloud responded with ${status}, which the proxy refuses`);
  }
  const hideKey = (text: string) => (key === undefined ? text : text.split(key).join("[redacted]"));
  const headers = new Headers({ "cache-control": "no-store", "x-content-type-options": "nosniff" });
  const type = response.headers.get("content-type");
  // A web page from up there must not become one of this site.
  if (type) headers.set("content-type", /\bjson\b/i.test(type) ? "application/json" : "text/plain");
  response.headers.forEach((value, name) => {
    if (USEFUL.test(name)) headers.set(name, hideKey(value));
  });
  // Refusals are short and repeat what was sent; what has succeeded may be long, and is passed on as it comes.
  const body = response.ok ? response.body : hideKey(await response.text());
  return new Response(body, { status, headers });
}

/** Next.js keeps responses unless it is told not to; an older workerd throws when it is told anything. */
function knowsCache(): boolean {
  try {
    new Request("https://example.com", { cache: "no-store" });
    return true;
  } catch {
    return false;
  }
}
