import { HttpError } from "./http-error.js";

/** Bodies of responses returned by `authorize`: it may return one response many times, but a body can be read only once. */
const bodies = new WeakMap<Response, Promise<ArrayBuffer>>();

/**
 * Maps the result of `authorize` to the user's id, undefined for the anonymous user, or a response.
 * @internal
 */
export async function resolveUser(verdict: unknown): Promise<string | undefined | Response> {
  if (verdict === true) return undefined;
  if (typeof verdict === "string" && verdict !== "") return verdict;
  if (!(verdict instanceof Response)) throw new HttpError(403, "Forbidden");
  if (!verdict.body) return verdict;
  const body = bodies.get(verdict) ?? verdict.arrayBuffer();
  bodies.set(verdict, body);
  return new Response(await body, verdict);
}
