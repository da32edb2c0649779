import { operations } from "../generated/operations.js";
import { HttpError } from "./http-error.js";

const METHODS = [...new Set(operations.map(({ method }) => method))].join(", ");
/** Headers that responses depend on: those read here, for idempotency keys and, typically, by `authorize`. */
const VARY = "Origin, Sec-Fetch-Site, Authorization, Cookie, Idempotency-Key";
const PREFLIGHT_VARY = "Access-Control-Request-Method, Access-Control-Request-Headers";
/** Time that browsers cache a preflight response, in seconds. */
const MAX_AGE = "600";

/**
 * Validates the origin of requests, and adds CORS headers to responses.
 * @internal
 */
export class Origins {
  readonly #allowed: ReadonlySet<string>;

  constructor(origins: readonly string[]) {
    for (const origin of origins) {
      // Must be serialized as browsers do, because it is compared as a string.
      if (!/^[a-z][a-z0-9+.-]*:\/\/[^/?#*\sA-Z]+$/.test(origin))
        throw new TypeError(`origins: "${origin}" is not an origin, such as "https://app.example.com"`);
    }
    this.#allowed = new Set(origins);
  }

  /** Throws a 403 for requests from pages of other sites. */
  check({ method, headers }: Request): void {
    const origin = headers.get("origin");
    if (origin !== null) {
      if (!this.#allowed.has(origin)) throw new HttpError(403, "This origin is not allowed");
      return;
    }
    // Browsers omit `Origin` only for same-origin GET requests and for embedded resources.
    const site = headers.get("sec-fetch-site") ?? "same-origin";
    const isOwn = site === "same-origin" || site === "none";
    if (method !== "GET" || !isOwn) throw new HttpError(403, "The Origin header is missing");
  }

  /** Returns the response to a preflight request; undefined for other requests. */
  preflight({ method, headers }: Request): Response | undefined {
    if (method !== "OPTIONS" || !headers.has("access-control-request-method")) return undefined;
    // All headers may be allowed: the proxy does not forward them.
    const requested = headers.get("access-control-request-headers") ?? "";
    const allowed = {
      "access-control-allow-methods": METHODS,
      "access-control-allow-headers": requested,
      "access-control-max-age": MAX_AGE,
      "cache-control": "no-store",
      vary: PREFLIGHT_VARY,
    };
    return new Response(null, { status: 204, headers: allowed });
  }

  /** Returns a copy of a response with CORS headers for an allowed origin. */
  addCorsHeaders(response: Response, { headers: requestHeaders }: Request): Response {
    // The headers of some responses are immutable.
    const { body, status, statusText } = response;
    const headers = new Headers(response.headers);
    const origin = requestHeaders.get("origin");
    headers.append("vary", VARY);
    // `authorize` may set it in its own response.
    if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
    if (origin !== null && this.#allowed.has(origin)) {
      headers.set("access-control-allow-origin", origin);
      headers.set("access-control-allow-credentials", "true");
      headers.set("access-control-expose-headers", [...response.headers.keys()].join(", "));
    }
    return new Response(body, { status, statusText, headers });
  }
}
