// @ts-check
// The list of requests, and the `fetch` that fills it.

import { element, pretty, textBlock } from "./view.js";

const SECRET = /key|authorization|cookie|token/i;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/**
 * Records what goes over the wire. Its `fetch` is an option of the client: see `FetchLike`.
 *
 * @param {HTMLElement} list
 * @param {HTMLElement} hint shown while the list is empty
 * @param {string} baseUrl left out of what is shown
 */
export function requestPanel(list, hint, baseUrl) {
  /** @type {ReturnType<typeof entryOf> | null} */
  let last = null;
  let count = 0;

  /**
   * @param {string} address
   * @param {import("browser-use-skills").FetchInit} init
   */
  async function recordingFetch(address, init) {
    const path = address.startsWith(baseUrl) ? address.slice(baseUrl.length) : address;
    const entry = add(init.method, path);
    const started = performance.now();
    count += 1;
    try {
      const response = await fetch(address, init);
      const text = await response.text();
      entry.answered(response.status, performance.now() - started, address, init, text);
      return { status: response.status, headers: response.headers, text: async () => text };
    } catch (error) {
      entry.failed(performance.now() - started, address, init, error);
      throw error;
    }
  }

  /**
   * @param {string} method
   * @param {string} path
   */
  function add(method, path) {
    hint.hidden = true;
    // A hundred lines of the same poll would hide everything else.
    if (last?.isSame(method, path)) {
      last.again();
      return last;
    }
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
    last = entryOf(method, path);
    list.append(last.element);
    if (isAtEnd) list.scrollTop = list.scrollHeight;
    return last;
  }

  return {
    fetch: recordingFetch,
    /** How many requests were sent. */
    count: () => count,
    clear() {
      list.replaceChildren();
      last = null;
      hint.hidden = false;
    },
  };
}

/**
 * @param {string} method
 * @param {string} path
 */
function entryOf(method, path) {
  const status = element("span", { class: "status" }, "…");
  const time = element("span", { class: "figure time" }, "");
  const times = element("span", { class: "times" });
  const route = element("span", { class: "route", title: path }, ...breakable(path));
  const summary = element(
    "summary",
    { class: "line" },
    element("span", { class: "verb" }, method),
    route,
    times,
    status,
    time,
  );
  const body = element("div", { class: "wire" });
  const item = element("li", { "data-method": method }, element("details", {}, summary, body));
  let sent = 1;
  let isOver = false;

  /**
   * @param {string} outcome
   * @param {number} milliseconds
   * @param {string} address
   * @param {import("browser-use-skills").FetchInit} init
   * @param {string} answer
   */
  function finish(outcome, milliseconds, address, init, answer) {
    isOver = true;
    status.textContent = outcome;
    time.textContent = `${Math.round(milliseconds)} ms`;
    item.dataset.status = outcome;
    body.replaceChildren(
      textBlock("Request", describe(address, init)),
      textBlock(`Response ${outcome}`, answer === "" ? "(no body)" : reformat(answer)),
    );
  }

  return {
    element: item,
    /**
     * @param {string} otherMethod
     * @param {string} otherPath
     */
    isSame: (otherMethod, otherPath) => isOver && otherMethod === method && otherPath === path,
    again() {
      sent += 1;
      times.textContent = `×${sent}`;
    },
    /**
     * @param {number} code
     * @param {number} milliseconds
     * @param {string} address
     * @param {import("browser-use-skills").FetchInit} init
     * @param {string} text
     */
    answered(code, milliseconds, address, init, text) {
      finish(String(code), milliseconds, address, init, text);
      item.dataset.is = code < 400 ? "good" : "bad";
    },
    /**
     * @param {number} milliseconds
     * @param {string} address
     * @param {import("browser-use-skills").FetchInit} init
     * @param {unknown} error
     */
    failed(milliseconds, address, init, error) {
      finish("none", milliseconds, address, init, String(error));
      item.dataset.is = "bad";
    },
  };
}

/**
 * A path with short ids, which may break before its slashes.
 *
 * @param {string} path
 */
function breakable(path) {
  const short = path.replace(UUID, (id) => `${id.slice(0, 8)}…`);
  return short.split(/(?=[/?&])/).flatMap((piece) => [piece, element("wbr")]);
}

/**
 * @param {string} address
 * @param {import("browser-use-skills").FetchInit} init
 */
function describe(address, { method, headers, body }) {
  const lines = Object.entries(headers).map(
    ([name, value]) => `${name}: ${SECRET.test(name) ? "•••" : value}`,
  );
  const head = [`${method} ${address}`, ...lines].join("\n");
  return body === undefined ? head : `${head}\n\n${reformat(body)}`;
}

/** @param {string} text */
function reformat(text) {
  try {
    return pretty(JSON.parse(text));
  } catch {
    return text;
  }
}
