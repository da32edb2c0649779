import { Refusal } from "./refusal.js";

/** The bodies of responses that `authorize` has returned: it may return one for many requests, and a body is read once. */
const bodies = new WeakMap<Response, Promise<ArrayBuffer>>();

/**
 * What the result of `authorize` means: the user's id, undefined for the anonymous user, or a response.
 * @internal
 */
export async function userIn(verdict: unknown): Promise<string | undefined | Response> {
  if (verdict === true) return undefined;
  if (typeof verdict === "string" && verdict !== "") return verdict;
  if (!(verdict instanceof Response)) throw new Refusal(403, "You may not do this");
  if (!verdict.body) return verdict;
  const body = bodies.get(verdict) ?? verdict.arrayBuffer();
  bodies.set(verdict, body);
  return new Response(await body, verdict);
}
