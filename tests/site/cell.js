// @ts-check
/** One cell of the fault matrix: a call that meets a fault, and how it ended. Time in this page stands still. */

/** @typedef {import("browser-use-skills").BrowserUse} BrowserUse */

/**
 * @typedef {object} Cell
 * @property {string} baseUrl an emulator that no other cell uses meanwhile
 * @property {keyof typeof calls} operation
 * @property {object} fault
 * @property {boolean} lasting whether every attempt meets the fault, or the first one only
 * @property {"plain" | "aborted" | "timeout"} ending what else happens to an attempt that meets the fault
 * @property {boolean} stalls whether the fault itself lets no attempt end
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
/** A limit that never comes by itself: it strikes when the cell says so. */
const LIMIT = 1_000_000;
/** How far the limits of two cells lie apart: an attempt's timer is shorter by what it took to get the key. */
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
  // Delays between attempts pass at once; `totalDelay` tells how long they would have been.
  if (milliseconds < LIMIT) return setRealTimeout(callback);
  const timer = {};
  held.set(timer, { callback, milliseconds });
  return timer;
};
/** @type {any} */ (window).clearTimeout = (/** @type {unknown} */ timer) => held.delete(timer);
// No jitter: our own back-off is between nothing and its longest delay.
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
  /** @param {string} address @param {any} init */
  const send = (address, init) => {
    attempt += 1;
    const answer = fetch(address, init);
    const isLeftAlone = (ending === "plain" && !stalls) || (attempt > 1 && !lasting);
    if (isLeftAlone) return answer;
    if ("stallHeaders" === /** @type {any} */ (fault).kind) {
      arrival(count, attempt).then(midway);
      return answer;
    }
    return withhold(answer, midway);
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
 * An answer whose headers arrive and whose body does not; where no headers come, the failure does not. Tells when the
 * client waits for what it will not get.
 *
 * @param {Promise<Response>} answer @param {() => void} midway
 */
function withhold(answer, midway) {
  const keep = () => {
    midway();
    return never;
  };
  return answer.then(
    (response) => ({
      status: response.status,
      headers: response.headers,
      text: () => {
        // It is read all the same, so that it is a real stream that the abort ends.
        response.text().catch(() => {});
        return keep();
      },
    }),
    keep,
  );
}

/** Waits until the emulator has so many requests. @param {() => Promise<number>} count @param {number} wanted */
async function arrival(count, wanted) {
  while ((await count()) < wanted);
}

/** @param {string} baseUrl */
function admin(baseUrl) {
  return async (
    /** @type {string} */ method,
    /** @type {string} */ path,
    /** @type {unknown} */ body = undefined,
  ) => {
    const address = `${new URL(baseUrl).origin}/__emulator${path}`;
    const response = await fetch(address, { method, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  };
}

/** The skill that an account begins with. @param {string} baseUrl */
async function ownSkill(baseUrl) {
  const response = await fetch(`${baseUrl}/skills`, { headers: { "X-Browser-Use-API-Key": "bu_1" } });
  return (await response.json()).items[0].id;
}

/** @param {any} data */
function sizeOf(data) {
  const isLong = typeof data?.result === "string" && data.result.length > 1_000_000;
  return isLong ? data.result.length : undefined;
}
