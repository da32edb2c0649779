// What pages of other origins may do, as emulator/src/http/cors.rs has it.
import type { IncomingHttpHeaders } from "node:http";
import { keyHeader, operations } from "../generated/operations.js";
import { valuesIn } from "../route.js";

/** What of the emulator's settings is about pages. */
export interface CorsSettings {
  /** None for all of them. */
  origins: string[];
  exposeHeaders: string[];
}

const KNOWN = ["content-type", keyHeader.toLowerCase()];

/** The answer to a question of the browser about a path of the API. */
export function preflight(path: string, headers: IncomingHttpHeaders, settings: CorsSettings): Response {
  const origin = headers.origin ?? "";
  const methods = operations.filter((operation) => valuesIn(path, operation)).map(({ method }) => method);
  const asked = String(headers["access-control-request-headers"] ?? "").split(",");
  const names = asked.map((name) => name.trim().toLowerCase()).filter((name) => name !== "");
  const refuse = (what: string) =>
    new Response(`Disallowed CORS ${what}`, { status: 400, headers: { vary: "Origin" } });
  if (!allows(settings, origin)) return refuse("origin");
  if (!methods.some((method) => method === headers["access-control-request-method"])) return refuse("method");
  if (!names.every((name) => KNOWN.includes(name))) return refuse("headers");
  return new Response("OK", {
    headers: {
      "access-control-allow-origin": origin,
      "access-control-allow-methods": methods.join(", "),
      "access-control-allow-headers": KNOWN.join(", "),
      "access-control-max-age": "600",
      vary: "Origin",
    },
  });
}

/** What lets the page that asked read an answer of the API. */
export function readable(headers: IncomingHttpHeaders, settings: CorsSettings): Record<string, string> {
  const { origin } = headers;
  if (origin === undefined) return {};
  if (!allows(settings, origin)) return { vary: "Origin" };
  const exposed = settings.exposeHeaders.join(", ");
  return {
    vary: "Origin",
    "access-control-allow-origin": origin,
    ...(exposed && { "access-control-expose-headers": exposed }),
  };
}

/** The answer to such a question about what steers the emulator: everything is allowed. */
export function openPreflight(headers: IncomingHttpHeaders): Response {
  const allowed = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": headers["access-control-request-method"] ?? "",
    "access-control-allow-headers": String(headers["access-control-request-headers"] ?? ""),
  };
  return new Response(null, { status: 204, headers: allowed });
}

function allows({ origins }: CorsSettings, origin: string): boolean {
  return origins.length === 0 || origins.includes(origin);
}
