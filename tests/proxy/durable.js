// @ts-check
/** A worker that keeps its idempotency keys in Durable Objects. */
import { createProxy, durableObjectStore } from "browser-use-skills/proxy";

export { ProxyStoreObject } from "browser-use-skills/proxy";

export default {
  /**
   * @param {Request} request
   * @param {{ UPSTREAM: string, LEASE: string, TTL: string, STORE: import("browser-use-skills/proxy").DurableObjectNamespaceLike }} environment
   * @param {import("browser-use-skills/proxy").ProxyContext} context
   */
  fetch(request, { UPSTREAM, LEASE, TTL, STORE }, context) {
    const proxy = createProxy({
      apiKey: "bu_1",
      allow: { operations: ["skills.execute", "skills.executions", "skills.executionOutput"] },
      origins: ["https://app.example.com"],
      authorize: () => request.headers.get("x-user") ?? true,
      baseUrl: UPSTREAM,
      idempotency: { store: durableObjectStore(STORE), lease: Number(LEASE), ttl: Number(TTL) },
      onError: () => {},
    });
    return proxy(request, context);
  },
};
