import { operations } from "../generated/operations.js";
import { Refusal } from "./refusal.js";

const METHODS = [...new Set(operations.map(({ method }) => method))].join(", ");
/** What this file, the idempotency keys and, as a rule, `authorize` read of a request. */
const VARY = "Origin, Sec-Fetch-Site, Authorization, Cookie, Idempotency-Key";
const PREFLIGHT_VARY = "Access-Control-Request-Method, Access-Control-Request-Headers";
/** For so many seconds a browser need not ask again. */
const MAX_AGE = "600";

/**
 * Which pages may ask, and read what is answered.
 * @internal
 */
export class Origins {
  readonly #allowed: ReadonlySet<string>;

  constructor(origins: readonly string[]) {
    for (const origin of origins) {
      // As browsers write it, or it would never be found.
      if (!/^[a-z][a-z0-9+.-]*:\/\/[^/?#*\sA-Z]+$/.test(origin))
        throw new TypeError(`origins: "${origin}" is no origin, such as "https://app.example.com"`);
    }
    this.#allowed = new Set(origins);
  }

  /** Refuses what another site's page has sent. */
  check({ method, headers }: Request): void {
    const origin = headers.get("origin");
    if (origin !== null) {
      if (!this.#allowed.has(origin)) throw new Refusal(403, "This origin is not allowed");
      return;
    }
    // Browsers name the origin with everything but the page's own GET, and what a page embeds.
    const site = headers.get("sec-fetch-site") ?? "same-origin";
    const isOwn = site === "same-origin" || site === "none";
    if (method !== "GET" || !isOwn) throw new Refusal(403, "The header Origin is missing");
  }

  /** The answer to a browser's question whether a page may ask. */
  preflight({ method, headers }: Request): Response | undefined {
    if (method !== "OPTIONS" || !headers.has("access-control-request-method")) return undefined;
    // Whatever else the request brings stays here, so no header of it can do harm.
    const asked = headers.get("access-control-request-headers") ?? "";
    const allowed = {
      "access-control-allow-methods": METHODS,
      "access-control-allow-headers": asked,
      "access-control-max-age": MAX_AGE,
      "cache-control": "no-store",
      vary: PREFLIGHT_VARY,
    };
    return new Response(null, { status: 204, headers: allowed });
  }

  /** The same answer, readable for the page that asked if it may read it. */
  readable(response: Response, { headers: sent }: Request): Response {
    // A copy, because the headers of some responses cannot be changed.
    const { body, status, statusText } = response;
    const headers = new Headers(response.headers);
    const origin = sent.get("origin");
    headers.append("vary", VARY);
    // `authorize` may say otherwise in its own response.
    if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
    if (origin !== null && this.#allowed.has(origin)) {
      headers.set("access-control-allow-origin", origin);
      headers.set("access-control-allow-credentials", "true");
      headers.set("access-control-expose-headers", [...response.headers.keys()].join(", "));
    }
    return new Response(body, { status, statusText, headers });
  }
}
