// @ts-check
/** Proxies with various options, in Node and in workerd. A request header sets the result of `authorize`. */
import { createProxy } from "browser-use-skills/proxy";

export { toNodeHandler } from "browser-use-skills/proxy";

/** @typedef {{ UPSTREAM: string, KEY: string, SKILL: string }} Environment */

/** @type {(request: Request, call: import("browser-use-skills/proxy").ProxyCall) => any} */
const authorize = (request, call) => {
  switch (request.headers.get("x-verdict")) {
    case "false":
      return false;
    case "truthy":
      return 1;
    case "empty":
      return "";
    case "shared":
      shared ??= Response.json({ detail: "shared" }, { status: 401 });
      return shared;
    case "nothing":
      return undefined;
    case "throw":
      throw new Error("a secret of the server");
    case "response":
      return Response.json(
        { detail: `${call.operation} ${call.skillId} ${call.executionId}` },
        { status: 401 },
      );
    case "read":
      return request.text().then(() => true);
    default:
      return request.headers.get("x-user") ?? true;
  }
};

/** Returned for several requests. Created by the first one: workerd creates no responses outside of a request. @type {Response | undefined} */
let shared;

const onError = () => {};

/** @param {Environment} environment */
function proxies({ UPSTREAM, KEY, SKILL }) {
  const usual = { apiKey: KEY, baseUrl: UPSTREAM, origins: ["https://app.example.com"], authorize, onError };
  /** @type {import("browser-use-skills/proxy").OperationName[]} */
  const operations = [
    "skills.get",
    "skills.execute",
    "skills.executions",
    "skills.executionOutput",
    "marketplace.list",
    "marketplace.get",
    "marketplace.clone",
  ];
  const allow = { operations };
  return {
    "/api/browser-use": createProxy({ ...usual, allow, maxBodyBytes: 1000 }),
    "/one": createProxy({
      ...usual,
      basePath: "/one/",
      allow: { operations, skills: [SKILL.toUpperCase(), "top-stories"] },
    }),
    "/impatient": createProxy({ ...usual, allow, basePath: "/impatient", timeout: 50 }),
    "/keyless": createProxy({ ...usual, allow, basePath: "/keyless", apiKey: async () => "not\na key" }),
  };
}

export default {
  /** @param {Request} request @param {Environment} environment */
  fetch(request, environment) {
    const all = Object.entries(proxies(environment));
    const { pathname } = new URL(request.url);
    const [, proxy] = all.find(([path]) => pathname.startsWith(path)) ?? all[0] ?? [];
    return proxy?.(request);
  },
};
