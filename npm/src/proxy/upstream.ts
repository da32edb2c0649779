import { keyHeader } from "../generated/operations.js";
import { HttpError } from "./http-error.js";

/** A request to the cloud. */
export interface UpstreamRequest {
  url: string;
  method: string;
  key: string | undefined;
  body: Uint8Array<ArrayBuffer> | undefined;
  /** The caller's; undefined if the request continues after the caller disconnects. */
  signal: AbortSignal | undefined;
  /** In milliseconds, up to the last byte of the response. */
  timeout: number;
}

/** A function with the signature of the global `fetch`. */
export type ProxyFetch = (url: string, init: RequestInit) => Promise<Response>;

/** Headers of the cloud's response that are forwarded, besides the content type. */
const FORWARDED_HEADERS = /^(retry-after|x-ratelimit-.*|x-request-id)$/;

/** Node's error codes and system calls of failed connections: `connect`, `getaddrinfo`, `UND_ERR_CONNECT_TIMEOUT`. */
const CONNECTING = /^connect$|addrinfo|CONNECT_TIMEOUT/;

/**
 * Sends a request to the cloud and sanitizes its response.
 *
 * @param send - Replaces the global `fetch`. Its errors do not prove that nothing was sent, because it may have retried.
 * @internal
 */
export async function fetchUpstream(
  send: ProxyFetch | undefined,
  request: UpstreamRequest,
): Promise<Response> {
  const { url, method, key, body } = request;
  const headers: Record<string, string> = { accept: "application/json" };
  if (key !== undefined) headers[keyHeader] = key;
  if (body) headers["content-type"] = "application/json";
  const limit = AbortSignal.timeout(request.timeout);
  const signal = request.signal ? AbortSignal.any([request.signal, limit]) : limit;
  // workerd does not support `redirect: "error"`.
  const init: RequestInit = { method, headers, redirect: "manual", signal };
  if (body) init.body = body;
  if (supportsCacheOption()) init.cache = "no-store";
  try {
    return await sanitize(await (send ?? fetch)(url, init), key);
  } catch (error) {
    throw gatewayError(error, !send && isConnectionFailure(error) ? { maybeExecuted: false } : {});
  }
}

/**
 * Returns the error response for a missing or unusable response of the cloud.
 * @internal
 */
export function gatewayError(reason: unknown, options: { maybeExecuted?: boolean }): HttpError {
  const isTimeout = reason instanceof Error && reason.name === "TimeoutError";
  if (isTimeout) return new HttpError(504, "Gateway Timeout", { reason, ...options });
  return new HttpError(502, "Bad Gateway", { reason, ...options });
}

/**
 * Downloads an output, without sending the key. The URL is itself a secret.
 * @internal
 */
export function download(
  send: ProxyFetch | undefined,
  url: string,
  signal: AbortSignal,
  timeout: number,
): Promise<Response> {
  if (!isPrivate(url)) throw new Error("The URL of the output is neither https nor on localhost");
  const signals = [signal, AbortSignal.timeout(timeout)];
  return (send ?? fetch)(url, { method: "GET", redirect: "manual", signal: AbortSignal.any(signals) });
}

/**
 * Whether a URL is https or on localhost.
 * @internal
 */
export function isPrivate(url: string): boolean {
  return /^https:\/\/|^http:\/\/(localhost|127(\.\d+){3}|\[::1\])(:\d+)?(\/|$)/i.test(url);
}

/** Whether an error of `fetch` proves that no connection was made. Only Node reports this, for each IP address of a host. */
function isConnectionFailure(thrown: unknown): boolean {
  const { cause } = thrown as { cause?: { errors?: unknown } };
  const errors = Array.isArray(cause?.errors) ? cause.errors : [cause];
  return errors.length > 0 && errors.every((error) => CONNECTING.test(error?.syscall ?? error?.code ?? ""));
}

async function sanitize(response: Response, key: string | undefined): Promise<Response> {
  const { status } = response;
  if (status < 200 || (status >= 300 && status < 400)) {
    void response.body?.cancel();
    throw new Error(`the cloud responded with ${status}, which the proxy rejects`);
  }
  const redact = (text: string) => (key === undefined ? text : text.split(key).join("[redacted]"));
  const headers = new Headers({ "cache-control": "no-store", "x-content-type-options": "nosniff" });
  const type = response.headers.get("content-type");
  // HTML from the cloud must not be rendered as a page of this site.
  if (type) headers.set("content-type", /\bjson\b/i.test(type) ? "application/json" : "text/plain");
  response.headers.forEach((value, name) => {
    if (FORWARDED_HEADERS.test(name)) headers.set(name, redact(value));
  });
  // Error responses are short and may echo the key. Successful responses may be long, and are streamed.
  const body = response.ok ? response.body : redact(await response.text());
  return new Response(body, { status, headers });
}

/** Whether `Request` supports `cache`: Next.js caches responses without "no-store", and older versions of workerd throw. */
function supportsCacheOption(): boolean {
  try {
    new Request("https://example.com", { cache: "no-store" });
    return true;
  } catch {
    return false;
  }
}
