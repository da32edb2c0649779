// Sends requests.
import { itemsOf, keysOf, propertyOf } from "./inspect.js";
import { header } from "./response.js";
import { bounded, FAILED, isAborted, NO_RESPONSE, VALUE } from "./wait.js";

/** Node's names of failures before a connection exists: `connect`, `getaddrinfo`, `UND_ERR_CONNECT_TIMEOUT`. */
const CONNECTING = /^connect$|addrinfo|CONNECT_TIMEOUT/;

/**
 * Sends a request and reads the whole response: status, headers and text. `fetch` is read at each call, so that a
 * replacement by a page or a test is used.
 */
export async function send(
  done,
  id,
  custom,
  url,
  method,
  headers,
  extra,
  body,
  credentials,
  signal,
  milliseconds,
  mustBeFresh,
) {
  const controller = new AbortController();
  const init = {
    method,
    headers: merged(headers, extra),
    signal: controller.signal,
    // A custom header would follow a redirect to any host: the key must not.
    redirect: "error",
    referrerPolicy: "no-referrer",
  };
  if (body !== undefined) {
    init.body = body;
    init.headers["Content-Type"] = "application/json";
  }
  if (credentials !== undefined) init.credentials = credentials;
  const end = bounded(done, id, signal, milliseconds, controller);
  // The signal is aborted already: nothing is sent.
  if (isAborted(signal)) return;
  // HTTP caches store only responses to GET.
  const get = method === "GET" ? beginGet(url, mustBeFresh) : undefined;
  if (get?.bypassesCache) init.cache = "no-store";
  const load = async () => {
    const response = await (custom ?? globalThis.fetch)(url, init);
    const isResponse = typeof response?.status === "number" && typeof response.text === "function";
    return { response, isResponse, text: isResponse ? await response.text() : undefined };
  };
  let isOk = false;
  try {
    let loaded = await load();
    if (loaded.isResponse && get?.mayBeOld(loaded.response.headers)) {
      init.cache = "no-store";
      loaded = await load();
    }
    const { response, isResponse, text } = loaded;
    isOk = isResponse;
    if (isResponse) end(VALUE, response.status, response.headers, text);
    else end(NO_RESPONSE, response);
  } catch (error) {
    end(FAILED, error);
  } finally {
    get?.end(isOk);
  }
}

/** Number of pending GETs by URL. */
const pending = new Map();
/** URLs whose last GET failed. */
const failed = new Set();
/** Origins whose responses the cache may reuse without asking the server. */
const reusable = new Set();

/**
 * Begins a GET. Between origins, "no-store" costs a preflight for each GET, because Chromium then ignores its cache of
 * preflights, too. It is used
 * - if an old response would break a guarantee,
 * - while an equal GET is pending, which Chromium would wait for, and after one that failed,
 * - for a server whose responses may be reused: the first such response is requested again.
 */
function beginGet(url, mustBeFresh) {
  const origin = url.split("/", 3).join("/");
  const page = globalThis.location?.origin ?? origin;
  const count = pending.get(url) ?? 0;
  const bypassesCache =
    page === origin || mustBeFresh || count > 0 || failed.has(url) || reusable.has(origin);
  pending.set(url, count + 1);
  return {
    bypassesCache,
    /** Whether the response may be an old one, by its headers. */
    mayBeOld(headers) {
      if (bypassesCache || !mayBeReused(headers)) return false;
      reusable.add(origin);
      return true;
    },
    end(isOk) {
      const left = pending.get(url) - 1;
      if (left > 0) pending.set(url, left);
      else pending.delete(url);
      if (isOk) failed.delete(url);
      else failed.add(url);
    },
  };
}

/** Whether a cache may reuse a response without asking the server: RFC 9111, sections 4.2 and 5.2. */
function mayBeReused(headers) {
  const control = header(headers, "cache-control") ?? "";
  if (/no-store|no-cache|max-age=0/.test(control)) return false;
  return (
    /max-age|immutable/.test(control) || ["expires", "last-modified"].some((name) => header(headers, name))
  );
}

/** Headers, with those of the same name replaced. */
function merged(headers, extra) {
  const all = { ...headers };
  for (const name of keysOf(extra)) {
    for (const other in all) if (other.toLowerCase() === name.toLowerCase()) delete all[other];
    all[name] = extra[name];
  }
  return all;
}

/**
 * Whether a request to another machine cannot leave: `onLine` may be true without a network, but is not false with one. A
 * service worker may respond to a GET without a network.
 */
export function isOffline(method) {
  const { navigator } = globalThis;
  const mayBeCached = method === "GET" && propertyOf(navigator, "serviceWorker")?.controller;
  return navigator?.onLine === false && !mayBeCached;
}

/**
 * Whether the error of `fetch` proves that there was no connection. Only Node's does: by the system call that failed, for
 * each IP address of the host, or by its time limit for connections.
 */
export function neverConnected(thrown) {
  const cause = propertyOf(thrown, "cause");
  const errors = itemsOf(propertyOf(cause, "errors") ?? [cause]);
  const isOfConnecting = (error) =>
    CONNECTING.test(propertyOf(error, "syscall") ?? propertyOf(error, "code"));
  return errors.length > 0 && errors.every(isOfConnecting);
}
