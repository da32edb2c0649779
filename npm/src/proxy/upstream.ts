import { keyHeader } from "../generated/operations.js";
import { Refusal } from "./refusal.js";

/** What is sent with a request to the cloud. */
export interface UpstreamRequest {
  address: string;
  method: string;
  key: string | undefined;
  body: Uint8Array<ArrayBuffer> | undefined;
  /** The caller's. */
  signal: AbortSignal | undefined;
  /** In milliseconds, up to the last byte of the answer. */
  timeout: number;
}

/** Anything that can be called like the global `fetch`. */
export type ProxyFetch = (address: string, init: RequestInit) => Promise<Response>;

/** What a caller may know of the cloud's headers, besides the type of the body. */
const USEFUL = /^(retry-after|x-ratelimit-.*|x-request-id)$/;

/**
 * Sends a request that is made of nothing but this, and takes out of the answer what a caller has no use for.
 *
 * @internal
 */
export async function ask(send: ProxyFetch, request: UpstreamRequest): Promise<Response> {
  const { address, method, key, body } = request;
  const headers: Record<string, string> = { accept: "application/json" };
  if (key !== undefined) headers[keyHeader] = key;
  if (body) headers["content-type"] = "application/json";
  const limit = Number.isFinite(request.timeout) ? AbortSignal.timeout(request.timeout) : undefined;
  const signals = [request.signal, limit].filter((signal) => signal !== undefined);
  // Not `redirect: "error"`: workerd has only the other two.
  const init: RequestInit = { method, headers, redirect: "manual", signal: AbortSignal.any(signals) };
  if (body) init.body = body;
  if (knowsCache()) init.cache = "no-store";
  try {
    return await clean(await send(address, init), key);
  } catch (error) {
    if (limit?.aborted) throw new Refusal(504, "Gateway Timeout", error);
    throw new Refusal(502, "Bad Gateway", error);
  }
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

/** Next.js keeps answers unless it is told not to; an older workerd throws when it is told anything. */
function knowsCache(): boolean {
  try {
    new Request("https://example.com", { cache: "no-store" });
    return true;
  } catch {
    return false;
  }
}
