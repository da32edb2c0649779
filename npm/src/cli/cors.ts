// CORS of the emulator: as strict as a server that allows exactly the methods and headers it supports.
import type { IncomingHttpHeaders } from "node:http";
import type { Reply } from "../emulator/core.js";
import { keyHeader, operations } from "../generated/operations.js";
import { matchPath } from "../route.js";

/** CORS settings of the emulator. */
export interface CorsSettings {
  /** Allowed origins; empty for all. */
  origins: string[];
  exposeHeaders: string[];
}

type Headers = Record<string, string>;

const ALLOWED_HEADERS = ["content-type", keyHeader.toLowerCase()];
const VARY = { vary: "Origin" };
/** For the requests that control the emulator: the pages of all origins may send them. */
export const OPEN: Headers = { "access-control-allow-origin": "*" };

/** Whether a request is a preflight request. */
export function isPreflight(method: string | undefined, headers: IncomingHttpHeaders): boolean {
  return method === "OPTIONS" && headers["access-control-request-method"] !== undefined;
}

/** Responds to a preflight request for a path of the API. */
export function preflight(path: string, headers: IncomingHttpHeaders, settings: CorsSettings): Reply {
  const origin = headers.origin ?? "";
  const methods = operations.filter((operation) => matchPath(path, operation)).map(({ method }) => method);
  const requested = String(headers["access-control-request-headers"] ?? "").split(",");
  const names = requested.map((name) => name.trim().toLowerCase()).filter((name) => name !== "");
  const reject = (what: string) => reply(400, `Disallowed CORS ${what}`, VARY);
  if (!allows(settings, origin)) return reject("origin");
  if (!methods.some((method) => method === headers["access-control-request-method"])) return reject("method");
  if (!names.every((name) => ALLOWED_HEADERS.includes(name))) return reject("headers");
  return reply(200, "OK", {
    "access-control-allow-origin": origin,
    "access-control-allow-methods": methods.join(", "),
    "access-control-allow-headers": ALLOWED_HEADERS.join(", "),
    "access-control-max-age": "600",
    ...VARY,
  });
}

/** Returns the CORS headers for a response of the API to a page. */
export function corsHeaders(origin: string, settings: CorsSettings): Headers {
  if (!allows(settings, origin)) return VARY;
  const exposed = settings.exposeHeaders.join(", ");
  return {
    ...VARY,
    "access-control-allow-origin": origin,
    ...(exposed && { "access-control-expose-headers": exposed }),
  };
}

/** Responds to a preflight request for any other path: everything is allowed. */
export function openPreflight(headers: IncomingHttpHeaders): Reply {
  return reply(204, "", {
    ...OPEN,
    "access-control-allow-methods": headers["access-control-request-method"] ?? "",
    "access-control-allow-headers": String(headers["access-control-request-headers"] ?? ""),
  });
}

function reply(status: number, body: string, headers: Headers): Reply {
  const type: Headers = body ? { "content-type": "text/plain; charset=utf-8" } : {};
  return { status, headers: Object.entries({ ...type, ...headers }), body, delayMs: 0, fault: null };
}

function allows({ origins }: CorsSettings, origin: string): boolean {
  return origins.length === 0 || origins.includes(origin);
}
