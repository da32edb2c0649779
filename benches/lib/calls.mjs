// @ts-check
/** Measures many calls, in a page or in Node. */

export const API = "https://api.browser-use.com/api/v2";
export const KEY = "bu_bench";
export const ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a";

/**
 * @typedef {object} Calls
 * @property {"execute" | "get" | "list"} [operation]
 * @property {number} count
 * @property {number} [atOnce] - Number of concurrent calls; 1 by default.
 * @property {string} [id] - Id of the skill.
 * @property {number} [requestBytes] - Size of the parameters, for `execute`.
 * @property {number} [resultBytes] - Size of the result, for `execute`.
 * @property {number} [items] - Number of items, for `list`.
 * @property {boolean} [ahead] - Creates the responses before the measurement starts.
 */

/**
 * Loads a program and creates a client. Without a base URL, `fetch` is a stub.
 *
 * @param {import("./programs.mjs").Program} program
 * @param {string} [baseUrl]
 */
export async function start(program, baseUrl) {
  const stub = baseUrl ? undefined : stubFetch();
  await program.load?.();
  const client = program.create({ baseUrl: baseUrl ?? API, apiKey: KEY });

  /** @param {Calls} calls @returns {Promise<number>} microseconds per call */
  const measure = async (calls) => {
    const { count, atOnce = 1 } = calls;
    const call = callOf(client, calls);
    if (stub) stub.respond = responderFor(calls);
    // Creates the bodies in a separate task, which does not count as a task of the calls.
    if (calls.ahead) await new Promise((resolve) => setTimeout(resolve));
    performance.clearMarks();
    const began = performance.mark("calls").startTime;
    for (let done = 0; done < count; done += atOnce) {
      if (atOnce === 1) await call();
      else await Promise.all(Array.from({ length: atOnce }, call));
    }
    return ((performance.now() - began) * 1000) / count;
  };

  /** Starts calls without responding to them. Returns a function that sends the responses. @param {number} count */
  const hold = (count) => {
    let release = () => {};
    const gate = new Promise((resolve) => {
      release = () => resolve(undefined);
    });
    const respond = responderFor({ count });
    if (stub) stub.respond = () => gate.then(respond);
    const calls = Array.from({ length: count }, callOf(client, { count }));
    return async () => {
      release();
      await Promise.all(calls);
    };
  };
  return { measure, hold };
}

/** @param {import("./programs.mjs").Client} client @param {Calls} calls @returns {() => Promise<unknown>} */
function callOf(client, { operation = "execute", id = ID, requestBytes = 0, items = 0 }) {
  if (operation === "get") return () => client.get(id);
  if (operation === "list") return () => client.list(Math.min(100, items));
  const parameters = { limit: 5, text: "x".repeat(requestBytes) };
  return () => client.execute(id, { parameters });
}

/** Replaces the global `fetch` for the API. Files of the program still come from the network. */
function stubFetch() {
  const stub = { respond: responderFor({ count: 1 }) };
  const { fetch } = globalThis;
  globalThis.fetch = (input, init) => {
    const url = typeof input === "string" ? input : input instanceof URL ? input.href : input.url;
    return url.startsWith(API) ? stub.respond() : fetch(input, init);
  };
  return stub;
}

/** @param {Calls} calls @returns {() => Promise<Response>} */
function responderFor({ operation, count, resultBytes = 0, items = 0, ahead = false }) {
  const body = operation === "list" ? listOf(items) : operation === "get" ? skill(0) : run(resultBytes);
  const text = JSON.stringify(body);
  const make = () => new Response(text, { headers: { "content-type": "application/json" } });
  if (!ahead) return async () => make();
  const responses = Array.from({ length: count }, make);
  return async () => responses.pop() ?? make();
}

/** Returns the response of an execution with a result of about this size. @param {number} bytes */
function run(bytes) {
  const story = (/** @type {number} */ index) => ({
    title: `Story ${index}: a headline of the usual length, with a “quotation” in it`,
    url: `https://news.example.com/item?id=${index}`,
    points: index % 997,
    score: index / 7,
    tags: ["news", "rust"],
  });
  const count = Math.max(1, Math.round(bytes / JSON.stringify(story(1000)).length));
  return { success: true, result: Array.from({ length: count }, (_, index) => story(index)), latencyMs: 140 };
}

/** @param {number} items */
function listOf(items) {
  return {
    items: Array.from({ length: items }, (_, index) => skill(index)),
    totalItems: items,
    pageNumber: 1,
    pageSize: Math.max(1, Math.min(100, items)),
  };
}

/** @param {number} index */
function skill(index) {
  return {
    id: `3c90c3cc-0d44-4b50-8888-${String(index).padStart(12, "0")}`,
    title: `Titles ${index}`,
    description: "The newest stories of a news site with their points",
    categories: ["news"],
    domains: ["news.example.com"],
    goal: "The titles of a news site",
    agentPrompt: "Open news.example.com and read the titles",
    status: "finished",
    parameters: [{ name: "limit", type: "number", required: false, description: "How many", default: 5 }],
    outputSchema: { type: "array", items: { type: "object" } },
    isEnabled: true,
    isPublic: false,
    currentVersion: 1,
    createdAt: "2026-11-21T10:00:00Z",
    updatedAt: "2026-11-21T10:01:00Z",
  };
}
