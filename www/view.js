// @ts-check
// Turns values into elements. Text is always set as text, never as HTML: it comes from a server.

const LONGEST_TEXT = 20_000;

/**
 * @param {string} tag
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/**
 * The element with this id, which the page is known to have.
 *
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element "${id}"`);
  return found;
}

/** @param {number} milliseconds */
export function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** @param {number} milliseconds */
export function duration(milliseconds) {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : seconds(milliseconds);
}

/**
 * @param {string} label
 * @param {unknown} value
 */
export function jsonBlock(label, value) {
  return textBlock(label, pretty(value));
}

/**
 * @param {string} label
 * @param {string} text
 */
export function textBlock(label, text) {
  const shown = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}\n…` : text;
  // It may scroll, so the keyboard has to reach it.
  const block = element("pre", { tabindex: "0", "aria-label": label }, element("code", {}, shown));
  return element("div", { class: "block" }, element("p", { class: "label" }, label), block);
}

/**
 * JSON that is closed at first.
 *
 * @param {string} label
 * @param {unknown} value
 */
export function foldedJson(label, value) {
  const block = element("pre", { tabindex: "0", "aria-label": label }, element("code", {}, pretty(value)));
  return element("details", { class: "fold" }, element("summary", {}, label), block);
}

/** @param {unknown} value */
export function pretty(value) {
  return JSON.stringify(value, null, 2) ?? "undefined";
}

/**
 * @param {string} label
 * @param {Array<Record<string, unknown>>} rows
 */
export function table(label, rows) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const head = element("tr", {}, ...columns.map((column) => element("th", { scope: "col" }, column)));
  const body = rows.map((row) => element("tr", {}, ...columns.map((column) => cell(row[column]))));
  const inner = element(
    "table",
    {},
    element("caption", { class: "unseen" }, label),
    element("thead", {}, head),
    element("tbody", {}, ...body),
  );
  const frame = element("div", { class: "frame", tabindex: "0", role: "region", "aria-label": label }, inner);
  return element("div", { class: "block" }, element("p", { class: "label" }, label), frame);
}

/** @param {unknown} value */
function cell(value) {
  if (value === null || value === undefined) return element("td", { class: "nothing" }, "–");
  if (typeof value === "string" && /^https?:\/\/\S+$/.test(value)) return element("td", {}, link(value));
  return element("td", typeof value === "number" ? { class: "figure" } : {}, String(value));
}

/** @param {string} address */
export function link(address) {
  const shown = address.length > 60 ? `${address.slice(0, 59)}…` : address;
  return element("a", { href: address, title: address, rel: "noreferrer", target: "_blank" }, shown);
}

/**
 * The rows of a value that is a list of flat objects, or that wraps one (`{ data: { items: […] } }`); null for
 * any other.
 *
 * @param {unknown} value
 * @returns {Array<Record<string, unknown>> | null}
 */
export function rowsOf(value) {
  if (isRows(value)) return value;
  if (value === null || typeof value !== "object" || Array.isArray(value)) return null;
  for (const inner of Object.values(value)) {
    const rows = rowsOf(inner);
    if (rows) return rows;
  }
  return null;
}

/**
 * @param {unknown} value
 * @returns {value is Array<Record<string, unknown>>}
 */
function isRows(value) {
  return Array.isArray(value) && value.length > 0 && value.every(isFlat);
}

/** @param {unknown} value */
function isFlat(value) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  return Object.values(value).every((item) => item === null || typeof item !== "object");
}

/**
 * Pairs of a name and a value; those without a value are left out.
 *
 * @param {Record<string, unknown>} values
 */
export function facts(values) {
  const known = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  const items = known.flatMap(([name, value]) => [
    element("dt", {}, name),
    element("dd", {}, value instanceof Node ? value : String(value)),
  ]);
  return element("dl", {}, ...items);
}

/**
 * What an error tells, whatever was thrown.
 *
 * @param {unknown} error
 * @param {boolean} isExpected
 */
export function errorBlock(error, isExpected = false) {
  const known = /** @type {Partial<import("browser-use-skills").BrowserUseError>} */ (
    error instanceof Error ? error : { name: "thrown", message: String(error) }
  );
  const { name, code, status, operation, detail, message, issues = [] } = known;
  const block = element(
    "div",
    { class: isExpected ? "error expected" : "error", "data-error": code ?? name ?? "" },
    facts({
      class: name,
      code,
      status,
      operation,
      detail,
      message: detail === undefined ? message : undefined,
    }),
  );
  const rows = issues.map(({ path, msg, type, loc }) => ({ path, msg, type, loc: JSON.stringify(loc) }));
  if (rows.length > 0) block.append(table("issues", rows));
  return block;
}

/**
 * The course of a generation: the statuses with the present one marked, and the time it has taken.
 *
 * @param {string} label
 */
export function statusTrack(label) {
  const course = ["recording", "generating", "finished"];
  const list = element("ol", { class: "track", "aria-label": label });
  const time = element("span", { class: "figure" }, seconds(0));
  const started = performance.now();
  const timer = setInterval(() => (time.textContent = seconds(performance.now() - started)), 100);
  return {
    element: element("div", { class: "block track-line" }, list, time),
    /** @param {string} status */
    show(status) {
      const shown = course.includes(status) ? course : [...course.slice(0, 2), status];
      const now = shown.indexOf(status);
      const items = shown.map((name, index) => {
        const state = index < now ? "past" : index > now ? "ahead" : "now";
        return element("li", { "data-is": state, ...(index === now && { "aria-current": "step" }) }, name);
      });
      list.replaceChildren(...items);
    },
    stop() {
      clearInterval(timer);
      time.textContent = seconds(performance.now() - started);
    },
  };
}
