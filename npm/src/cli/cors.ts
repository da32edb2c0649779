// CORS of the emulator, equivalent to emulator/src/http/cors.rs.
import type { IncomingHttpHeaders } from "node:http";
import { keyHeader, operations } from "../generated/operations.js";
import { matchPath } from "../route.js";

/** CORS settings of the emulator. */
export interface CorsSettings {
  /** Allowed origins; empty for all. */
  origins: string[];
  exposeHeaders: string[];
}

const ALLOWED_HEADERS = ["content-type", keyHeader.toLowerCase()];

/** Responds to a preflight request for a path of the API. */
export function preflight(path: string, headers: IncomingHttpHeaders, settings: CorsSettings): Response {
  const origin = headers.origin ?? "";
  const methods = operations.filter((operation) => matchPath(path, operation)).map(({ method }) => method);
  const requested = String(headers["access-control-request-headers"] ?? "").split(",");
  const names = requested.map((name) => name.trim().toLowerCase()).filter((name) => name !== "");
  const reject = (what: string) =>
    new Response(`Disallowed CORS ${what}`, { status: 400, headers: { vary: "Origin" } });
  if (!allows(settings, origin)) return reject("origin");
  if (!methods.some((method) => method === headers["access-control-request-method"])) return reject("method");
  if (!names.every((name) => ALLOWED_HEADERS.includes(name))) return reject("headers");
  return new Response("OK", {
    headers: {
      "access-control-allow-origin": origin,
      "access-control-allow-methods": methods.join(", "),
      "access-control-allow-headers": ALLOWED_HEADERS.join(", "),
      "access-control-max-age": "600",
      vary: "Origin",
    },
  });
}

/** Returns the CORS headers for a response of the API. */
export function corsHeaders(headers: IncomingHttpHeaders, settings: CorsSettings): Record<string, string> {
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

/** Responds to a preflight request for the emulator's own routes: everything is allowed. */
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
