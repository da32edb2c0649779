// @ts-check
import createClient from "openapi-fetch";

/** @type {import("../lib/programs.mjs").Create} */
export function create({ baseUrl, apiKey }) {
  /** @type {import("openapi-fetch").Client<any>} */
  const client = createClient({ baseUrl, headers: { "X-Browser-Use-API-Key": apiKey } });
  const path = (/** @type {string} */ id) => ({ path: { skill_id: id } });
  return {
    get: (id) => dataOf(client.GET("/skills/{skill_id}", { params: path(id) })),
    execute: (id, body) => dataOf(client.POST("/skills/{skill_id}/execute", { params: path(id), body })),
    list: (pageSize) => dataOf(client.GET("/skills", { params: { query: { pageSize } } })),
  };
}

/** @param {Promise<{ data?: unknown, error?: unknown }>} call */
async function dataOf(call) {
  const { data, error } = await call;
  if (error !== undefined) throw error;
  return data;
}
