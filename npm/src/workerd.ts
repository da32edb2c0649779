// Cloudflare's workerd compiles no bytes at run time: the module is imported, compiled when it was deployed.

import wasm from "wasm-file";
import { BrowserUse as Client } from "./client.js";
import { setLocations } from "./load.js";
import type { BrowserUseOptions, FetchInit, FetchLike } from "./options.js";

setLocations(
  { fallback: async () => wasm },
  { fallback: async () => (await import("wasm-extra-file")).default },
);

export * from "./public.js";

/** Its `fetch` knows no `redirect: "error"`: the redirect itself is the answer, and the key goes nowhere else either. */
export class BrowserUse extends Client {
  constructor(options: BrowserUseOptions = {}) {
    const { fetch: given } = options;
    // Looked up at each call, as everywhere else.
    const send: FetchLike = (address, init) => (given ?? (globalThis.fetch as FetchLike))(address, init);
    super({
      ...options,
      fetch: (address, init) => send(address, { ...init, redirect: "manual" } as object as FetchInit),
    });
  }
}
