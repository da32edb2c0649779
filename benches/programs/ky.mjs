// @ts-check
import ky from "ky";

/** @type {import("../lib/programs.mjs").Create} */
export function create({ baseUrl, apiKey }) {
  const client = ky.create({ prefixUrl: baseUrl, headers: { "X-Browser-Use-API-Key": apiKey } });
  return {
    get: (id) => client.get(`skills/${id}`).json(),
    execute: (id, body) => client.post(`skills/${id}/execute`, { json: body }).json(),
    list: (pageSize) => client.get("skills", { searchParams: { pageSize } }).json(),
  };
}
