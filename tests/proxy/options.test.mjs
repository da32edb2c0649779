// @ts-check
/** The options of the proxy: validation, `authorize` and `onError`. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { importPackage } from "../lib/package.mjs";

const KEY = "bu_canary_of_the_proxy";
const ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
const ORIGIN = "https://app.example.com";
const BASE = "/api/browser-use";
const EXECUTE = `${BASE}/skills/${ID}/execute`;
const JSON_TYPE = "application/json";

/** @type {Awaited<ReturnType<typeof importPackage>>} */
let installed;
before(async () => {
  installed = await importPackage();
});
after(() => installed?.remove());

test("createProxy rejects invalid options", async () => {
  const { createProxy } = await import(pathToFileURL(join(installed.packageFolder, "proxy.js")).href);
  const right = {
    apiKey: KEY,
    allow: { operations: ["skills.get"] },
    origins: [ORIGIN],
    authorize: () => true,
  };
  createProxy({ ...right, baseUrl: "http://localhost:1", basePath: "" });
  for (const wrong of [
    { allow: undefined },
    { allow: { operations: ["skills.gett"] } },
    { allow: { operations: ["skills.list"], skills: [ID] } },
    { allow: { operations: ["skills.create"], skills: [ID] } },
    { allow: { operations: ["sessions.get"], skills: [ID] } },
    { allow: { operations: ["billing.account"], skills: [ID] } },
    { origins: undefined },
    { origins: ["*"] },
    { origins: ["https://*.example.com"] },
    { origins: ["https://app.example.com/"] },
    { origins: ["null"] },
    { authorize: undefined },
    { basePath: "api" },
    { basePath: "https://a.example/x" },
    { baseUrl: "http://api.example.com" },
    { baseUrl: "http://127.0.0.1.evil.example" },
    { baseUrl: "http://localhost@evil.example" },
    { maxBodyBytes: Number.NaN },
    { timeout: 0 },
    { timeout: Number.POSITIVE_INFINITY },
    { timeout: 2 ** 31 },
    { timeout: "5000" },
    { bodyTimeout: Number.NaN },
    { idempotency: 1 },
    { idempotency: { ttl: 0 } },
    { idempotency: { ttl: Number.POSITIVE_INFINITY } },
    { idempotency: { lease: -1 } },
    { idempotency: { storeTimeout: 2 ** 31 } },
    { idempotency: { maxResponseBytes: Number.NaN } },
    { idempotency: { store: new Map() } },
    { executions: { ttl: 0 } },
    { executions: { store: {} } },
  ]) {
    assert.throws(() => createProxy({ ...right, ...wrong }), TypeError, JSON.stringify(wrong));
  }
  // Properties of Object.prototype are not options.
  for (const name of ["authorize", "allow", "origins"]) {
    const { [name]: inherited, ...rest } = /** @type {Record<string, unknown>} */ (right);
    assert.throws(
      () => createProxy(Object.assign(Object.create({ [name]: inherited }), rest)),
      TypeError,
      name,
    );
  }
  const operations = { operations: ["skills.get"] };
  assert.throws(() => createProxy({ ...right, allow: Object.create(operations) }), TypeError);
});

test("onError gets the cause, without the key", async () => {
  const { createProxy } = await import(pathToFileURL(join(installed.packageFolder, "proxy.js")).href);
  /** @type {unknown[]} */
  const heard = [];
  const cause = new TypeError("no way to there");
  const proxy = createProxy({
    apiKey: KEY,
    allow: { operations: ["skills.get"] },
    origins: [ORIGIN],
    authorize: () => true,
    onError: (/** @type {unknown} */ error) => {
      heard.push(error);
      throw new Error("thrown by the listener");
    },
    fetch: () => Promise.reject(cause),
  });
  const ask = (/** @type {string} */ path) => proxy(new Request(`https://app.example.com${BASE}${path}`));
  assert.equal((await ask(`/skills/${ID}`)).status, 502);
  assert.equal((await ask("/skills")).status, 403);
  assert.deepEqual(heard, [cause]);
});

test("without onError, the first error causes a warning, with its cause and without the key", async (context) => {
  const { createProxy } = installed.proxies;
  const { mock } = context.mock.method(console, "warn", () => {});
  /** @type {Error} */
  let error;
  const make = () =>
    createProxy({
      apiKey: 'bu_"1',
      allow: { operations: ["skills.get"] },
      origins: [ORIGIN],
      authorize: () => true,
      fetch: () => Promise.reject(error),
    });
  const ask = (/** @type {ReturnType<typeof make>} */ proxy, /** @type {AbortSignal} */ signal) =>
    proxy(new Request(`https://app.example.com${BASE}/skills/${ID}`, { signal }));
  const { signal } = new AbortController();
  const cause = Object.assign(new Error(`connect to 127.0.0.1 ${JSON.stringify('bu_"1')}`), {
    code: "ECONNREFUSED",
  });
  error = new TypeError('fetch failed with bu_"1', { cause });
  const proxy = make();
  assert.equal((await ask(proxy, AbortSignal.abort())).status, 502);
  assert.equal(mock.callCount(), 0, "the caller has disconnected");
  for (const _ of [1, 2]) assert.equal((await ask(proxy, signal)).status, 502);
  assert.equal(mock.callCount(), 1);
  const [warning] = mock.calls[0]?.arguments ?? [];
  assert.match(
    warning,
    /responded with 502 to GET \/api\/browser-use\/skills\/.*TypeError: fetch failed with \[redacted\]: .*ECONNREFUSED/,
  );
  assert.match(warning, /onError/);
  assert.ok(!warning.includes('bu_"1') && !warning.includes('bu_\\"1'), "the key is exposed");
  assert.equal((await proxy(new Request(`https://app.example.com${BASE}/skills`))).status, 403);
  assert.equal(mock.callCount(), 1);
});

test("a body that authorize has read is not forwarded as an empty one", async () => {
  const { createProxy } = await import(pathToFileURL(join(installed.packageFolder, "proxy.js")).href);
  const proxy = createProxy({
    apiKey: KEY,
    allow: { operations: ["skills.execute"] },
    origins: [ORIGIN],
    authorize: async (/** @type {Request} */ { body }) => {
      const reader = body?.getReader();
      while (!(await reader?.read())?.done);
      reader?.releaseLock();
      return true;
    },
    fetch: () => assert.fail("sent"),
  });
  const headers = { origin: ORIGIN, "content-type": JSON_TYPE };
  const init = { method: "POST", headers, body: "{}" };
  assert.equal((await proxy(new Request(`https://app.example.com${EXECUTE}`, init))).status, 500);
});
