// @ts-check
// What a careful front-end developer writes in an afternoon: a timeout, retries with back-off, an error class.

const TIMEOUT = 60_000;
const MAX_RETRIES = 2;
const MAX_RETRY_AFTER = 60;

export class ApiError extends Error {
  /** @param {number} status @param {string} body */
  constructor(status, body) {
    super(`The server responded with ${status}`);
    this.name = "ApiError";
    this.status = status;
    this.body = body;
  }
}

/**
 * @typedef {object} Call
 * @property {"GET" | "POST"} method
 * @property {string} path
 * @property {Record<string, string | number>} [query]
 * @property {unknown} [body]
 */

/** @type {import("../lib/programs.mjs").Create} */
export function create({ baseUrl, apiKey }) {
  /** @param {Call} call */
  const send = async ({ method, path, query, body }) => {
    const url = new URL(baseUrl + path);
    for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, String(value));
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(new Error("The server took too long")), TIMEOUT);
    try {
      const response = await fetch(url.href, {
        method,
        headers: { "X-Browser-Use-API-Key": apiKey, "Content-Type": "application/json" },
        body: body === undefined ? null : JSON.stringify(body),
        signal: controller.signal,
      });
      return { response, text: await response.text() };
    } finally {
      clearTimeout(timer);
    }
  };

  /** @param {Call} request */
  const call = async (request) => {
    for (let attempt = 0; ; attempt++) {
      const isLast = attempt === MAX_RETRIES;
      /** @type {Awaited<ReturnType<typeof send>>} */
      let result;
      try {
        result = await send(request);
      } catch (error) {
        // A paid operation may have been executed.
        if (isLast || request.method === "POST") throw error;
        await pause(attempt, null);
        continue;
      }
      const { response, text } = result;
      if (response.ok) return JSON.parse(text);
      const mayRetry = response.status === 429 || (response.status >= 500 && request.method === "GET");
      if (isLast || !mayRetry) throw new ApiError(response.status, text);
      await pause(attempt, response.headers.get("retry-after"));
    }
  };

  const path = (/** @type {string} */ id) => `/skills/${encodeURIComponent(id)}`;
  return {
    get: (id) => call({ method: "GET", path: path(id) }),
    execute: (id, body) => call({ method: "POST", path: `${path(id)}/execute`, body }),
    list: (pageSize) => call({ method: "GET", path: "/skills", query: { pageSize } }),
  };
}

/** @param {number} attempt @param {string | null} retryAfter */
function pause(attempt, retryAfter) {
  const delay = Number(retryAfter ?? Number.NaN);
  const seconds = delay >= 0 && delay <= MAX_RETRY_AFTER ? delay : Math.random() * 2 ** attempt;
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
