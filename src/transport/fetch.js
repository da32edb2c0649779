// Sends requests.
import { itemsOf, keysOf, propertyOf } from "./inspect.js";
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
  // Only responses to GET are cached. Elsewhere it would cost a preflight for each request: Chromium then skips its cache of
  // preflights, too.
  if (method === "GET") init.cache = "no-store";
  if (credentials !== undefined) init.credentials = credentials;
  const end = bounded(done, id, signal, milliseconds, controller);
  // The signal is aborted already: nothing is sent.
  if (isAborted(signal)) return;
  try {
    const response = await (custom ?? globalThis.fetch)(url, init);
    if (typeof response?.status !== "number" || typeof response.text !== "function") {
      return end(NO_RESPONSE, response);
    }
    const text = await response.text();
    end(VALUE, response.status, response.headers, text);
  } catch (error) {
    end(FAILED, error);
  }
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
