// @ts-check
/** A proxy with idempotency keys, its cloud, and requests to it. */
import { after, afterEach, before, beforeEach } from "node:test";
import { startCloud } from "./cloud.mjs";
import { importPackage } from "./package.mjs";

export const ORIGIN = "https://app.example.com";
export const BASE = "/api/browser-use";
export const ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
export const EXECUTE = `/skills/${ID}/execute`;
/** A missing response must not block the other tests. */
export const TIMEOUT = { timeout: 60_000 };

/** @typedef {import("browser-use-skills/proxy").ProxyStore} ProxyStore */
/** @typedef {import("browser-use-skills/proxy").ProxyOptions} ProxyOptions */
/** @typedef {ReturnType<typeof import("browser-use-skills/proxy").createProxy>} Proxy */
/** @typedef {{ key?: string | undefined, body?: string, path?: string, user?: string, signal?: AbortSignal, method?: string }} Sent */

/** @type {Awaited<ReturnType<typeof importPackage>>} */
export let installed;
/** @type {Awaited<ReturnType<typeof startCloud>>} */
export let cloud;

/** Installs the package once, and starts a cloud for each test of the file. */
export function startClouds() {
  before(async () => {
    installed = await importPackage();
  });
  after(() => installed?.remove());
  beforeEach(async () => {
    cloud = await startCloud();
  });
  afterEach(() => cloud?.close());
}

/** @param {Partial<ProxyOptions>} [options] */
export function makeProxy(options) {
  return installed.proxies.createProxy({
    apiKey: "bu_1",
    allow: {
      operations: ["skills.create", "skills.execute", "skills.refine", "skills.get", "marketplace.clone"],
    },
    origins: [ORIGIN],
    authorize: (request) => request.headers.get("x-user") ?? true,
    baseUrl: cloud.baseUrl,
    idempotency: true,
    onError: () => {},
    ...options,
  });
}

/** @param {Sent} [sent] */
export function requestOf({ key, body = "{}", path = EXECUTE, user, signal, method = "POST" } = {}) {
  const headers = new Headers({ origin: ORIGIN, "content-type": "application/json" });
  if (key !== undefined) headers.set("idempotency-key", key);
  if (user !== undefined) headers.set("x-user", user);
  const init = { method, headers, ...(method === "POST" && { body }), ...(signal && { signal }) };
  return new Request(`https://app.example.com${BASE}${path}`, init);
}

/** @param {Proxy} proxy @param {Sent} [sent] */
export async function send(proxy, sent) {
  const response = await proxy(requestOf(sent));
  const text = await response.text();
  const { detail, maybeExecuted, result } = text.startsWith("{") ? JSON.parse(text) : {};
  const isReplayed = response.headers.get("idempotency-replayed") === "true";
  return {
    status: response.status,
    headers: response.headers,
    text,
    detail,
    maybeExecuted,
    result,
    isReplayed,
  };
}

/** Withholds responses until they are released. */
export function gate() {
  /** @type {() => void} */
  let open = () => {};
  const isOpen = new Promise((resolve) => {
    open = () => resolve(undefined);
  });
  return { open, isOpen };
}
