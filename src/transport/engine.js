// Functions for Rust, each of which does in one call what would take many from WebAssembly: every crossing costs, and every
// name that crosses is decoded again. `done(id, how, …values)` is Rust's callback for the end of a wait.

/** How a wait ended. `wait.rs` and `npm/src/wasm/wait.ts` read these. */
export const VALUE = 0;
export const ABORTED = 1;
export const TIMED_OUT = 2;
const FAILED = 3;
const NO_RESPONSE = 4;

/** The longest delay of a timer, in milliseconds; a longer one fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Node's names of failures before a connection exists: `connect`, `getaddrinfo`, `UND_ERR_CONNECT_TIMEOUT`. */
const CONNECTING = /^connect$|addrinfo|CONNECT_TIMEOUT/;

/** The reason of an aborted signal. Old engines keep none; then it is the error that they would throw. */
function reasonOf(signal) {
  const reason = propertyOf(signal, "reason");
  return reason === undefined ? new DOMException("This operation was aborted", "AbortError") : reason;
}

/** Whether there is a signal that is aborted. A mock of a signal may throw. */
function isAborted(signal) {
  return signal !== undefined && propertyOf(signal, "aborted") === true;
}

/** The functions that cancel pending waits, by id. */
const cancels = new Map();

/** Cancels a wait without a callback. Leaves no timer, listener, request or place in a queue behind. */
export function cancel(id) {
  cancels.get(id)?.();
}

/**
 * Bounds a wait by a signal and a time limit. Returns the function that ends it. The first end is reported by
 * `done(id, how, …values)`, once and asynchronously. An abort wins over a value. Leaves no listener or timer behind.
 */
function bounded(done, id, signal, milliseconds, controller) {
  let timer;
  let isOver = false;
  const finish = () => {
    isOver = true;
    cancels.delete(id);
    clearTimeout(timer);
    try {
      signal?.removeEventListener("abort", onAbort);
    } catch {
      // A mock of a signal.
    }
  };
  cancels.set(id, () => {
    finish();
    controller?.abort();
  });
  /** Whether the values were reported: the wait was neither over nor aborted. */
  const end = (how, ...values) => {
    if (isOver) return false;
    finish();
    if (isAborted(signal)) {
      done(id, ABORTED, reasonOf(signal));
      return false;
    }
    done(id, how, ...values);
    return true;
  };
  const stop = (how) => {
    end(how);
    controller?.abort();
  };
  const onAbort = () => stop(ABORTED);
  try {
    if (isAborted(signal)) queueMicrotask(onAbort);
    signal?.addEventListener("abort", onAbort);
  } catch (error) {
    queueMicrotask(() => end(FAILED, error));
  }
  if (milliseconds <= LONGEST_TIMER) timer = setTimeout(() => stop(TIMED_OUT), milliseconds);
  return end;
}

/** Waits for a value or a promise of any realm. */
export async function wait(done, id, value, signal, milliseconds) {
  const end = bounded(done, id, signal, milliseconds);
  try {
    end(VALUE, await value);
  } catch (error) {
    end(FAILED, error);
  }
}

/** Waits for a number of milliseconds. */
export function pause(done, id, signal, milliseconds) {
  bounded(done, id, signal, milliseconds);
}

/** The queues of locks within this script, by name, where there are no Web Locks. */
const queues = new Map();

/** As `navigator.locks.request`; within this script only, where there are no Web Locks or a sandboxed frame forbids them. */
export async function requestLock(name, options, callback) {
  let isHeld = false;
  const hold = (lock) => {
    isHeld = true;
    return callback(lock);
  };
  try {
    if (globalThis.navigator?.locks) return await navigator.locks.request(name, options, hold);
  } catch {
    if (isHeld || options.signal?.aborted) return;
  }
  const before = queues.get(name);
  if (before && options.ifAvailable) return callback(null);
  let leave;
  const left = new Promise((resolve) => {
    leave = resolve;
  });
  const all = (before ?? Promise.resolve()).then(() => left);
  queues.set(name, all);
  await before;
  if (!options.signal?.aborted) await callback({});
  leave();
  if (queues.get(name) === all) queues.delete(name);
}

/** The locks that this instance holds. */
const held = new Set();

/** Waits for a lock. With a limit of 0 ms, the lock is acquired at once or not at all. The value is the function that releases it. */
export function lock(done, id, name, signal, milliseconds) {
  const queue = new AbortController();
  const isPrompt = milliseconds <= 0;
  const end = bounded(done, id, signal, isPrompt ? Infinity : milliseconds, queue);
  const options = isPrompt ? { ifAvailable: true } : { signal: queue.signal };
  requestLock(name, options, (lock) => {
    if (!lock) return void end(TIMED_OUT);
    return new Promise((resolve) => {
      const release = () => {
        held.delete(release);
        resolve();
      };
      held.add(release);
      if (!end(VALUE, release)) release();
    });
  });
}

/** Releases a lock. */
export function release(lock) {
  lock();
}

/** Releases the locks of an instance that has trapped. */
export function releaseAll() {
  for (const release of [...held]) release();
}

/** A UUID, also in contexts that are not secure. */
export function uniqueId() {
  return (
    globalThis.crypto?.randomUUID?.() ??
    "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
      (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16),
    )
  );
}

/** The absolute, normalised form of a URL; undefined if it is invalid. */
export function resolved(url) {
  try {
    const base = globalThis.document?.baseURI ?? globalThis.location?.href;
    return String(new URL(url, base));
  } catch {
    return undefined;
  }
}

/** Calls a method. */
export function invoke(object, method, first, second) {
  return object[method](first, second);
}

/** A header of a response, undefined if it has none of that name. */
export function header(headers, name) {
  try {
    const value = typeof headers.get === "function" ? headers.get(name) : headers[name];
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

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

/** The headers that a page may read, as a plain object with names in lower case. The secret is redacted. */
export function headersOf(headers, secret) {
  const all = {};
  try {
    headers.forEach((value, name) => {
      all[String(name).toLowerCase()] = without(value, secret);
    });
  } catch {
    // The headers of a mock.
  }
  return all;
}

/** A text with a secret redacted. */
export function without(text, secret) {
  return typeof text === "string" && secret ? text.split(secret).join("[redacted]") : text;
}

function isArray(value) {
  try {
    return Array.isArray(value);
  } catch {
    // A revoked proxy.
    return false;
  }
}

/** The kind of a JSON value: the number of a `Kind` of `api/node.rs`. */
export function kindOf(value) {
  switch (typeof value) {
    case "undefined":
      return 0;
    case "boolean":
      return 2;
    case "number":
      return Number.isInteger(value) ? 3 : 4;
    case "string":
      return 5;
    case "object":
      return value === null ? 1 : isArray(value) ? 6 : 7;
    default:
      return 8;
  }
}

/** The names of the fields of models, by the number of the model. */
const fieldNames = new Map();

/** Adds the name of a model's next field. */
export function learn(model, name) {
  fieldNames.set(model, [...(fieldNames.get(model) ?? []), name]);
}

/** The kinds of thirteen fields of an object, from an index on, four bits each; -1 for a model without names. */
export function kindsOf(object, model, from) {
  const names = fieldNames.get(model);
  if (!names) return -1;
  let packed = 0;
  for (let index = Math.min(from + 13, names.length) - 1; index >= from; index -= 1) {
    packed = packed * 16 + kindOf(propertyOf(object, names[index]));
  }
  return packed;
}

/** The names of an object's fields; none if reading them throws. */
export function keysOf(object) {
  try {
    return Object.keys(object);
  } catch {
    return [];
  }
}

/** The items of an array; none if reading them throws. */
export function itemsOf(array) {
  try {
    return Array.from(array);
  } catch {
    return [];
  }
}

/** An object with the fields of two; those of the second win. */
export function assigned(one, other) {
  return { ...one, ...other };
}

/** The names of an object's fields that its model does not have. */
export function unknownKeysOf(object, model) {
  return keysOf(object).filter(
    (name) => !fieldNames.get(model)?.includes(name) && propertyOf(object, name) !== undefined,
  );
}

/** The property of a value; `undefined` if there is none or reading it throws. */
export function propertyOf(value, name) {
  try {
    return value[name];
  } catch {
    return undefined;
  }
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

/** The types of events, each with the names of its numbers: see `js/event.rs`. */
const EVENTS = [
  ["callStarted"],
  ["waitingForSlot", "waiting", "running"],
  ["requestSent", "attempt"],
  ["responseReceived", "attempt", "status", "duration"],
  ["retryPlanned", "attempt", "status", "delay"],
  ["recoveryStarted", "attempts"],
  ["callSucceeded", "attempts", "status", "duration"],
  ["callFailed", "attempts", "status", "duration"],
];

/** Calls a listener with an event. Numbers that are NaN are undefined. Errors of the listener are ignored. */
export function emit(listener, index, callId, operation, first, second, third, code) {
  const [type, ...names] = EVENTS[index];
  const event = { type, callId, operation };
  for (const [place, name] of names.entries()) {
    const number = [first, second, third][place];
    event[name] = Number.isNaN(number) ? undefined : number;
  }
  if (code) event.code = code;
  const called = async () => listener(event);
  called().catch(() => {});
}

/** The result of a call. The headers are copied, and redacted, only for callers of `withResponse()`. */
export function result(data, callId, status, headers, secret, attempts, totalDelay) {
  const response = () => ({
    data,
    callId,
    status,
    headers: headersOf(headers, secret),
    attempts,
    totalDelay,
  });
  return { data, response };
}

/** A promise with the functions that settle it. */
export function deferred() {
  const deferred = {};
  deferred.promise = new Promise((resolve, reject) => {
    deferred.resolve = resolve;
    deferred.reject = reject;
  });
  return deferred;
}

export function promiseOf({ promise }) {
  return promise;
}

export function settle({ resolve, reject }, isOk, value) {
  if (isOk) resolve(value);
  else reject(value);
}

/** A value as a string of JSON. Throws for numbers that JSON does not have, which `JSON.stringify` turns into null. */
export function toJson(value) {
  return JSON.stringify(value, (key, item) => {
    if (typeof item === "number" && !Number.isFinite(item)) throw new RangeError(`"${key}" is ${item}`);
    return item;
  });
}
