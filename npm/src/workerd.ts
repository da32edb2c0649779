// Entry for Cloudflare's workerd. It cannot compile bytes at run time; imported modules are compiled on deployment.

import wasm from "wasm-file";
import { BrowserUse as Client } from "./client.js";
import { setLocations } from "./load.js";
import type { BrowserUseOptions, FetchInit, FetchLike } from "./options.js";

setLocations(
  { fallback: async () => wasm },
  { fallback: async () => (await import("wasm-extra-file")).default },
  { fallback: async () => (await import("wasm-batch-file")).default },
);

export * from "./public.js";

/** workerd's `fetch` does not support `redirect: "error"`. With `"manual"` the key is not sent to another host either. */
export class BrowserUse extends Client {
  constructor(options: BrowserUseOptions = {}) {
    const { fetch: given } = options;
    // Read the global `fetch` at each call, as the other entries do.
    const send: FetchLike = (url, init) => (given ?? (globalThis.fetch as FetchLike))(url, init);
    super({
      ...options,
      fetch: (url, init) => send(url, { ...init, redirect: "manual" } as object as FetchInit),
    });
  }
}
