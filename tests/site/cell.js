// @ts-check
/** One cell of the fault matrix: a call with a fault, and its outcome. Timers in this page are controlled. */

/** @typedef {import("browser-use-skills").BrowserUse} BrowserUse */

/**
 * @typedef {object} Cell
 * @property {string} baseUrl - An emulator that no other cell uses at the same time.
 * @property {keyof typeof calls} operation
 * @property {object} fault
 * @property {boolean} lasting - Whether the fault applies to every attempt, or only to the first one.
 * @property {"plain" | "aborted" | "timeout"} ending - What else happens to an attempt with the fault.
 * @property {boolean} stalls - Whether the fault keeps attempts from ending.
 */

/** @type {Record<string, (client: BrowserUse, id: string, options: object) => ReturnType<BrowserUse["skills"]["get"]>>} */
const calls = {
  "skills.get": (client, id, options) => client.skills.get(id, options),
  "skills.create": (client, _, options) => /** @type {any} */ (client.skills.create(WISH, options)),
  "skills.execute": (client, id, options) =>
    /** @type {any} */ (client.skills.execute(id, { parameters: { url: "https://example.com" } }, options)),
  "skills.delete": (client, id, options) => /** @type {any} */ (client.skills.delete(id, options)),
};
const WISH = { goal: "Titles", agentPrompt: "Open news.example.com and read the titles" };
/** A timeout that does not expire by itself: the cell triggers it. */
const LIMIT = 1_000_000;
/** Distance between the timeouts of two cells: an attempt's timer is shorter by the time to get the key. */
const STEP = 10_000;
const FOREVER = 1_000_000_000;
const never = new Promise(() => {});

/** @type {Map<unknown, { callback: () => void, milliseconds: number }>} */
const held = new Map();
const setRealTimeout = window.setTimeout;
/** @type {any} */ (window).setTimeout = (
  /** @type {() => void} */ callback,
  /** @type {number} */ milliseconds,
) => {
  // Skips delays between attempts; `totalDelay` has their sum.
  if (milliseconds < LIMIT) return setRealTimeout(callback);
  const timer = {};
  held.set(timer, { callback, milliseconds });
  return timer;
};
/** @type {any} */ (window).clearTimeout = (/** @type {unknown} */ timer) => held.delete(timer);
// No jitter: the back-off is zero.
Math.random = () => 0;

let cells = 0;

/** @param {Cell} cell */
export async function play({ baseUrl, operation, fault, lasting, ending, stalls }) {
  const { BrowserUse } = await import("browser-use-skills");
  cells += 1;
  const timeout = LIMIT + cells * STEP;
  const controller = new AbortController();
  const reason = { enough: true };
  const ask = admin(baseUrl);
  await ask("POST", "/reset", { executionMs: 0, exposeHeaders: ["retry-after"] });
  const id = await ownSkill(baseUrl);
  await ask("POST", "/faults", { ...fault, operation, count: lasting ? FOREVER : 1 });
  const count = async () => (await ask("GET", "/requests")).counts[operation] ?? 0;

  const midway = () => {
    if (ending === "aborted") return controller.abort(reason);
    for (const { callback, milliseconds } of held.values()) {
      if (milliseconds <= timeout && milliseconds > timeout - STEP) callback();
    }
  };
  let attempt = 0;
  /** @param {string} url @param {any} init */
  const send = (url, init) => {
    attempt += 1;
    const response = fetch(url, init);
    const isUnchanged = (ending === "plain" && !stalls) || (attempt > 1 && !lasting);
    if (isUnchanged) return response;
    if ("stallHeaders" === /** @type {any} */ (fault).kind) {
      arrival(count, attempt).then(midway);
      return response;
    }
    return withhold(response, midway);
  };

  const client = new BrowserUse({ baseUrl, apiKey: "bu_1", fetch: send });
  const options = { signal: controller.signal, timeout };
  const outcome = await calls[operation]?.(client, id, options)
    .withResponse()
    .then(
      ({ data, attempts, totalDelay }) => ({ ended: "resolved", attempts, totalDelay, size: sizeOf(data) }),
      (error) =>
        error === reason
          ? { ended: "aborted" }
          : {
              ended: error.code ?? String(error),
              attempts: error.attempts,
              totalDelay: error.totalDelay,
              maybeExecuted: error.maybeExecuted,
              retryable: error.retryable,
            },
    );
  client.free();
  return { ...outcome, requests: await count() };
}

/**
 * Withholds the body of a response or, if the request fails, its error. Calls `midway` when the client waits for it.
 *
 * @param {Promise<Response>} response @param {() => void} midway
 */
function withhold(response, midway) {
  const keep = () => {
    midway();
    return never;
  };
  return response.then(
    (response) => ({
      status: response.status,
      headers: response.headers,
      text: () => {
        // Reads the body, so that the abort ends a real stream.
        response.text().catch(() => {});
        return keep();
      },
    }),
    keep,
  );
}

/** Waits until the emulator has received this many requests. @param {() => Promise<number>} count @param {number} expected */
async function arrival(count, expected) {
  while ((await count()) < expected);
}

/** @param {string} baseUrl */
function admin(baseUrl) {
  return async (
    /** @type {string} */ method,
    /** @type {string} */ path,
    /** @type {unknown} */ body = undefined,
  ) => {
    const url = `${new URL(baseUrl).origin}/__emulator${path}`;
    const response = await fetch(url, { method, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  };
}

/** Returns the initial skill of the account. @param {string} baseUrl */
async function ownSkill(baseUrl) {
  const response = await fetch(`${baseUrl}/skills`, { headers: { "X-Browser-Use-API-Key": "bu_1" } });
  return (await response.json()).items[0].id;
}

/** @param {any} data */
function sizeOf(data) {
  const isLong = typeof data?.result === "string" && data.result.length > 1_000_000;
  return isLong ? data.result.length : undefined;
}
