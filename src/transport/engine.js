// What Rust asks of the engine where one call of JavaScript does the work of many from WebAssembly: each crossing of that
// border costs, and each name that crosses it is decoded anew. No decisions are made here.

/** How a wait ended. `engine.rs` and `npm/src/wasm/wait.ts` read these. */
export const VALUE = 0;
export const ABORTED = 1;
export const TIMED_OUT = 2;
const FAILED = 3;
const NO_RESPONSE = 4;

/** Longest delay that timers take; beyond it they fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** What failed before there was a connection, in Node's words: `connect`, `getaddrinfo`, `UND_ERR_CONNECT_TIMEOUT`. */
const CONNECTING = /^connect$|addrinfo|CONNECT_TIMEOUT/;

/** Why a signal was aborted. Old engines do not keep a reason; then it is what they would throw. */
function reasonOf(signal) {
  const reason = propertyOf(signal, "reason");
  return reason === undefined ? new DOMException("This operation was aborted", "AbortError") : reason;
}

/** Whether there is a signal, and it is aborted. One that somebody made up may throw. */
function isAborted(signal) {
  return signal !== undefined && propertyOf(signal, "aborted") === true;
}

/** How to cancel what is under way, by id. */
const cancels = new Map();

/** Cancels a wait: nothing is told, and neither timer, listener, request nor place in a queue is left behind. */
export function cancel(id) {
  cancels.get(id)?.();
}

/**
 * Bounds what is under way by a signal and a time limit: gives the function that ends it. Whichever comes first is told,
 * by `tell(id, how, …what)`, once and never at once; neither listener nor timer is left behind.
 */
function bounded(tell, id, signal, milliseconds, controller) {
  let timer;
  let isOver = false;
  /** Whether it was told what was given: the wait had not ended before, and was not aborted meanwhile. */
  const finish = () => {
    isOver = true;
    cancels.delete(id);
    clearTimeout(timer);
    try {
      signal?.removeEventListener("abort", onAbort);
    } catch {
      // A signal that somebody made up.
    }
  };
  cancels.set(id, () => {
    finish();
    controller?.abort();
  });
  const end = (how, ...what) => {
    if (isOver) return false;
    finish();
    // An abort that came meanwhile is what the caller is told.
    if (isAborted(signal)) {
      tell(id, ABORTED, reasonOf(signal));
      return false;
    }
    tell(id, how, ...what);
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
export async function wait(tell, id, value, signal, milliseconds) {
  const end = bounded(tell, id, signal, milliseconds);
  try {
    end(VALUE, await value);
  } catch (error) {
    end(FAILED, error);
  }
}

/** Waits for the end of the time. */
export function pause(tell, id, signal, milliseconds) {
  bounded(tell, id, signal, milliseconds);
}

/** What is waited for in this script, where there are no Web Locks. */
const queues = new Map();

/** As `navigator.locks.request`: in this script only where there are no Web Locks, or a sandboxed frame forbids them. */
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

/** Waits for a lock; without any time, it is had at once or not at all. Tells the function that releases it. */
export function lock(tell, id, name, signal, milliseconds) {
  const queue = new AbortController();
  const isPrompt = milliseconds <= 0;
  const end = bounded(tell, id, signal, isPrompt ? Infinity : milliseconds, queue);
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

/** A UUID, where the context is not secure too. */
export function uniqueId() {
  return (
    globalThis.crypto?.randomUUID?.() ??
    "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
      (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16),
    )
  );
}

/** A URL as an absolute one, with its parts in one notation; undefined if it is none. */
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
 * Sends a request and reads the whole answer: status, headers and text. `fetch` is looked up at each call, so that
 * what a page or a test puts in its place is used.
 */
export async function send(
  tell,
  id,
  custom,
  address,
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
    // A header of one's own follows a redirect to whatever host it names: the key must not.
    redirect: "error",
    referrerPolicy: "no-referrer",
  };
  if (body !== undefined) {
    init.body = body;
    init.headers["Content-Type"] = "application/json";
  }
  // Only answers to GET are ever kept by a cache. Anywhere else it would cost a preflight for every request: Chromium
  // passes over what it knows of preflights too.
  if (method === "GET") init.cache = "no-store";
  if (credentials !== undefined) init.credentials = credentials;
  const end = bounded(tell, id, signal, milliseconds, controller);
  // A signal that is aborted already: nothing leaves the machine.
  if (isAborted(signal)) return;
  try {
    const response = await (custom ?? globalThis.fetch)(address, init);
    if (typeof response?.status !== "number" || typeof response.text !== "function") {
      return end(NO_RESPONSE, response);
    }
    const text = await response.text();
    end(VALUE, response.status, response.headers, text);
  } catch (error) {
    end(FAILED, error);
  }
}

/** Headers, with others in the place of those of the same name. */
function merged(headers, extra) {
  const all = { ...headers };
  for (const name of keysOf(extra)) {
    for (const other in all) if (other.toLowerCase() === name.toLowerCase()) delete all[other];
    all[name] = extra[name];
  }
  return all;
}

/** All headers that a page may see, as a plain object with names in lower case, without a secret. */
export function headersOf(headers, secret) {
  const all = {};
  try {
    headers.forEach((value, name) => {
      all[String(name).toLowerCase()] = without(value, secret);
    });
  } catch {
    // Not of a kind that can be read: a mock's.
  }
  return all;
}

/** A text without a secret, should it have come back in it. */
export function without(text, secret) {
  return typeof text === "string" && secret ? text.split(secret).join("[redacted]") : text;
}

function isArray(value) {
  try {
    return Array.isArray(value);
  } catch {
    // A proxy that was revoked.
    return false;
  }
}

/** What kind of JSON value something is: the number of a `Kind` of `api/check.rs`. */
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

/** The names of the fields of models, by number. */
const known = new Map();

/** Takes in the name of a model's next field. */
export function learn(model, name) {
  known.set(model, [...(known.get(model) ?? []), name]);
}

/** The kinds of thirteen fields of an object, from one on, four bits each; -1 for a model that has not been learnt. */
export function kindsOf(object, model, from) {
  const names = known.get(model);
  if (!names) return -1;
  let packed = 0;
  for (let index = Math.min(from + 13, names.length) - 1; index >= from; index -= 1) {
    packed = packed * 16 + kindOf(propertyOf(object, names[index]));
  }
  return packed;
}

/** The names of an object's fields, none where reading them throws. */
export function keysOf(object) {
  try {
    return Object.keys(object);
  } catch {
    return [];
  }
}

/** The items of an array, none where reading them throws. */
export function itemsOf(array) {
  try {
    return Array.from(array);
  } catch {
    return [];
  }
}

/** An object with the fields of two, those of the second in the place of others. */
export function assigned(one, other) {
  return { ...one, ...other };
}

/** The names of an object's fields that its model does not have. */
export function strangersOf(object, model) {
  return keysOf(object).filter(
    (name) => !known.get(model)?.includes(name) && propertyOf(object, name) !== undefined,
  );
}

/** The property of a value, `undefined` where there is none or reading it throws. */
export function propertyOf(value, name) {
  try {
    return value[name];
  } catch {
    return undefined;
  }
}

/**
 * Whether a request to another machine cannot leave. The engine may be wrong about there being a network, not about there
 * being none. Without one a service worker may still respond to a GET.
 */
export function isOffline(method) {
  const { navigator } = globalThis;
  const mayBeCached = method === "GET" && propertyOf(navigator, "serviceWorker")?.controller;
  return navigator?.onLine === false && !mayBeCached;
}

/**
 * Whether what `fetch` threw proves that there was no connection. Only Node tells: by the system call that failed, for each
 * of a host's IP addresses, or by its own time limit for connections.
 */
export function neverConnected(thrown) {
  const cause = propertyOf(thrown, "cause");
  const errors = itemsOf(propertyOf(cause, "errors") ?? [cause]);
  const isOfConnecting = (error) =>
    CONNECTING.test(propertyOf(error, "syscall") ?? propertyOf(error, "code"));
  return errors.length > 0 && errors.every(isOfConnecting);
}

/** Tells a listener what belongs to its event. What it throws, at once or later, is ignored. */
export function emit(listeners, hook, call, operation, attempt, status, code, milliseconds) {
  const listener = propertyOf(listeners, hook);
  if (typeof listener !== "function") return;
  const event = { call, operation, [hook === "onError" ? "attempts" : "attempt"]: attempt };
  if (hook !== "onRequest") {
    event.status = status;
    event[hook === "onRetry" ? "delay" : "duration"] = milliseconds;
  }
  if (code) event.code = code;
  const told = async () => listener(event);
  told().catch(() => {});
}

/** An object of some of its fields. */
export function answered(data, status, headers, attempts, totalDelay) {
  return { data, status, headers, attempts, totalDelay };
}

/** A promise with what settles it. */
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
