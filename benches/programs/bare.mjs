// @ts-check
// The minimum: no error classes, no retries, no timeout.

/** @type {import("../lib/programs.mjs").Create} */
export function create({ baseUrl, apiKey }) {
  const headers = { "X-Browser-Use-API-Key": apiKey, "Content-Type": "application/json" };
  /** @param {string} path @param {RequestInit} [init] */
  const call = async (path, init) => {
    const response = await fetch(baseUrl + path, { headers, ...init });
    if (!response.ok) throw new Error(`${response.status}`);
    return JSON.parse(await response.text());
  };
  return {
    get: (id) => call(`/skills/${id}`),
    execute: (id, body) => call(`/skills/${id}/execute`, { method: "POST", body: JSON.stringify(body) }),
    list: (pageSize) => call(`/skills?pageSize=${pageSize}`),
  };
}
