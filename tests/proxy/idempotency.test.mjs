// @ts-check
/** Idempotency keys: a key runs at most once, even if the request, its response or the store fails. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createServer } from "node:net";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { json, startCloud } from "../lib/cloud.mjs";
import { importPackage } from "../lib/package.mjs";
import { listen } from "../lib/runtimes.mjs";

const ORIGIN = "https://app.example.com";
const BASE = "/api/browser-use";
const ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
const EXECUTE = `/skills/${ID}/execute`;
const TIMEOUT = { timeout: 60_000 };

/** @typedef {import("browser-use-skills/proxy").ProxyStore} ProxyStore */
/** @typedef {import("browser-use-skills/proxy").ProxyOptions} ProxyOptions */
/** @typedef {ReturnType<typeof import("browser-use-skills/proxy").createProxy>} Proxy */
/** @typedef {{ key?: string | undefined, body?: string, path?: string, user?: string, signal?: AbortSignal, method?: string }} Sent */

/** @type {Awaited<ReturnType<typeof importPackage>>} */
let installed;
/** @type {Awaited<ReturnType<typeof startCloud>>} */
let cloud;
before(async () => {
  installed = await importPackage();
});
after(() => installed?.remove());
beforeEach(async () => {
  cloud = await startCloud();
});
afterEach(() => cloud?.close());

/** @param {Partial<ProxyOptions>} [options] */
function makeProxy(options) {
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
function requestOf({ key, body = "{}", path = EXECUTE, user, signal, method = "POST" } = {}) {
  const headers = new Headers({ origin: ORIGIN, "content-type": "application/json" });
  if (key !== undefined) headers.set("idempotency-key", key);
  if (user !== undefined) headers.set("x-user", user);
  const init = { method, headers, ...(method === "POST" && { body }), ...(signal && { signal }) };
  return new Request(`https://app.example.com${BASE}${path}`, init);
}

/** @param {Proxy} proxy @param {Sent} [sent] */
async function send(proxy, sent) {
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
function gate() {
  /** @type {() => void} */
  let open = () => {};
  const isOpen = new Promise((resolve) => {
    open = () => resolve(undefined);
  });
  return { open, isOpen };
}

describe("a repeat", TIMEOUT, () => {
  test("gets the response of the first request, and nothing runs again", async () => {
    const proxy = makeProxy();
    const key = randomUUID();
    const first = await send(proxy, { key });
    assert.deepEqual([first.status, first.result, first.isReplayed], [200, 1, false]);
    for (const form of [key, `"${key}"`, key.toUpperCase()]) {
      const repeat = await send(proxy, { key: form });
      assert.deepEqual([repeat.status, repeat.text, repeat.isReplayed], [200, first.text, true]);
      assert.equal(repeat.headers.get("content-type"), "application/json");
      assert.match(repeat.headers.get("access-control-expose-headers") ?? "", /idempotency-replayed/);
    }
    assert.equal(cloud.runs.length, 1);
    assert.equal((await send(proxy, { key: randomUUID() })).result, 2);
  });

  test("waits while the first request runs", async () => {
    const proxy = makeProxy();
    const { open, isOpen } = gate();
    cloud.respond = async ({ outgoing }) => {
      await isOpen;
      json(outgoing, { success: true, result: "only" });
    };
    const key = randomUUID();
    const all = Array.from({ length: 50 }, () => send(proxy, { key }));
    await cloud.received(1);
    const other = await send(proxy, { key, body: '{"parameters":{}}' });
    assert.equal(other.status, 422);
    open();
    const responses = await Promise.all(all);
    assert.deepEqual(
      new Set(responses.map(({ text }) => text)),
      new Set(['{"success":true,"result":"only"}']),
    );
    assert.equal(responses.filter(({ isReplayed }) => !isReplayed).length, 1);
    assert.equal(cloud.runs.length, 1);
  });

  test("with another method, path or body is rejected", async () => {
    const proxy = makeProxy();
    const key = randomUUID();
    await send(proxy, { key, body: '{"parameters":{"a":1}}' });
    const other = `/skills/4c90c3cc-0d44-4b50-8888-8dd25736052b/execute`;
    for (const sent of [
      { body: '{"parameters":{"a":2}}' },
      { body: '{"parameters":{"a":1}} ' },
      { path: other, body: '{"parameters":{"a":1}}' },
      { path: `/skills/${ID}/refine`, body: '{"parameters":{"a":1}}' },
      { path: `/marketplace/skills/${ID}/clone` },
    ]) {
      const refused = await send(proxy, { key, ...sent });
      assert.deepEqual([refused.status, refused.maybeExecuted], [422, undefined]);
    }
    assert.equal(cloud.runs.length, 1);
    assert.ok((await send(proxy, { key, body: '{"parameters":{"a":1}}' })).isReplayed);
  });

  test("works for every operation that is not idempotent", async () => {
    const proxy = makeProxy();
    for (const path of ["/skills", `/skills/${ID}/refine`, `/marketplace/skills/${ID}/clone`, EXECUTE]) {
      const before = cloud.runs.length;
      const key = randomUUID();
      await send(proxy, { key, path });
      assert.ok((await send(proxy, { key, path })).isReplayed, path);
      assert.equal(cloud.runs.length, before + 1);
    }
  });

  test("runs again without the option, and a GET ignores the key", async () => {
    const key = randomUUID();
    const proxy = makeProxy({ idempotency: undefined });
    await send(proxy, { key });
    assert.equal((await send(proxy, { key })).isReplayed, false);
    assert.equal(cloud.runs.length, 2);
    const path = `/skills/${ID}`;
    assert.equal((await send(makeProxy(), { key: "none", path, method: "GET" })).status, 200);
  });

  test("can be sent by a page: the preflight allows the header", async () => {
    const headers = {
      origin: ORIGIN,
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type,idempotency-key",
    };
    const url = `https://app.example.com${BASE}${EXECUTE}`;
    const response = await makeProxy()(new Request(url, { method: "OPTIONS", headers }));
    assert.match(response.headers.get("access-control-allow-headers") ?? "", /idempotency-key/);
  });

  test("requires a UUID as its key", async () => {
    const proxy = makeProxy();
    const uuid = randomUUID();
    const wrong = ["", "1", '""', `"${uuid}`, `'${uuid}'`, `"${uuid}";a=1`, `${uuid}, ${uuid}`, `{${uuid}}`];
    for (const key of [...wrong, uuid.replaceAll("-", ""), `${uuid}0`, "__proto__"]) {
      assert.equal((await send(proxy, { key })).status, 400, key);
    }
    assert.equal(cloud.runs.length, 0);
  });
});

describe("the key of a response", TIMEOUT, () => {
  for (const status of [400, 401, 402, 403, 404, 405, 409, 413, 415, 422, 425, 429]) {
    test(`${status} proves that nothing ran: it can be reused`, async () => {
      const proxy = makeProxy();
      const key = randomUUID();
      cloud.respond = ({ outgoing }) => json(outgoing, { detail: "no" }, status);
      assert.equal((await send(proxy, { key })).status, status);
      cloud.respond = ({ outgoing }) => json(outgoing, { success: true, result: "ran" });
      // Another body is not a conflict: the key is free.
      const later = await send(proxy, { key, body: '{"parameters":{}}' });
      assert.deepEqual([later.result, later.isReplayed], ["ran", false]);
      assert.ok((await send(proxy, { key, body: '{"parameters":{}}' })).isReplayed);
      assert.equal(cloud.runs.length, 2);
    });
  }

  for (const status of [200, 201, 202, 204, 408, 499, 500, 501, 502, 503, 504, 520, 524, 529, 599]) {
    test(`${status} is stored, because it may have run`, async () => {
      const proxy = makeProxy();
      const key = randomUUID();
      const body = status === 204 ? undefined : '{"detail":"how it went"}';
      cloud.respond = ({ outgoing }) =>
        outgoing.writeHead(status, { "content-type": "application/json", "retry-after": "1" }).end(body);
      const first = await send(proxy, { key });
      const repeat = await send(proxy, { key });
      assert.deepEqual([first.status, first.text, first.isReplayed], [status, body ?? "", false]);
      assert.deepEqual([repeat.status, repeat.text, repeat.isReplayed], [status, body ?? "", true]);
      assert.equal(cloud.runs.length, 1);
    });
  }

  /** @type {Record<string, [number, import("../lib/cloud.mjs").Respond]>} */
  const LOST = {
    "a redirect": [502, ({ outgoing }) => outgoing.writeHead(303, { location: "/" }).end()],
    "a connection that closes at once": [502, ({ incoming }) => incoming.socket.destroy()],
    "a connection that is reset": [502, ({ incoming }) => incoming.socket.resetAndDestroy()],
    "no HTTP": [502, ({ incoming }) => incoming.socket.end("hello\r\n\r\n")],
    "a header that breaks off": [502, ({ incoming }) => incoming.socket.end("HTTP/1.1 200 OK\r\nContent-")],
    "half a body, then a reset": [
      502,
      ({ incoming, outgoing }) =>
        outgoing.writeHead(200, { "content-type": "application/json", "content-length": "99" }) &&
        outgoing.write('{"success":', () => incoming.socket.resetAndDestroy()),
    ],
    "half a chunked body, then its end": [
      502,
      ({ incoming, outgoing }) =>
        outgoing.writeHead(200, { "content-type": "application/json" }) &&
        outgoing.write('{"success":', () => incoming.socket.end()),
    ],
    "half an error, then its end": [
      502,
      ({ incoming, outgoing }) =>
        outgoing.writeHead(500, { "content-length": "99" }) &&
        outgoing.write("{", () => incoming.socket.end()),
    ],
    "a body that is not what its encoding says": [
      502,
      ({ outgoing }) => outgoing.writeHead(200, { "content-encoding": "gzip" }).end("no gzip at all"),
    ],
    "a response that never comes": [504, () => {}],
    "a body that never ends": [504, ({ outgoing }) => outgoing.writeHead(200).write("{")],
  };
  for (const [name, [status, respond]] of Object.entries(LOST)) {
    test(`${name} is stored as ${status}`, async () => {
      /** @type {unknown[]} */
      const errors = [];
      const onError = (/** @type {unknown} */ error) => errors.push(error);
      const proxy = makeProxy({ onError, ...(status === 504 && { timeout: 100 }) });
      const key = randomUUID();
      cloud.respond = respond;
      const first = await send(proxy, { key });
      assert.deepEqual([first.status, first.maybeExecuted, first.isReplayed], [status, true, false]);
      assert.equal(errors.length > 0, true, "onError is called");
      for (const _ of [1, 2]) {
        const repeat = await send(proxy, { key });
        assert.deepEqual([repeat.status, repeat.text, repeat.isReplayed], [status, first.text, true]);
      }
      assert.equal(cloud.runs.length, 1);
    });
  }

  test("that never had a connection can be reused", async () => {
    const closed = createServer();
    await new Promise((resolve) => closed.listen(0, "127.0.0.1", () => resolve(undefined)));
    const { port } = /** @type {import("node:net").AddressInfo} */ (closed.address());
    await new Promise((resolve) => closed.close(resolve));
    const store = installed.proxies.memoryStore();
    const unreachable = makeProxy({ idempotency: { store }, baseUrl: `http://127.0.0.1:${port}` });
    const key = randomUUID();
    const refused = await send(unreachable, { key });
    assert.deepEqual([refused.status, refused.maybeExecuted], [502, false]);
    assert.equal((await send(makeProxy({ idempotency: { store } }), { key })).result, 1);
    // A custom fetch may have retried, so its errors prove nothing.
    const custom = makeProxy({ fetch, baseUrl: `http://127.0.0.1:${port}` });
    const unknown = await send(custom, { key: randomUUID() });
    assert.deepEqual([unknown.status, unknown.maybeExecuted], [502, true]);
  });

  test("whose body is too long to store is used up, and the complete body is forwarded", async () => {
    const proxy = makeProxy({ idempotency: { maxResponseBytes: 1000 } });
    for (const [length, status] of /** @type {const} */ ([
      [1000, 200],
      [1001, 409],
      [3 << 20, 409],
    ])) {
      const key = randomUUID();
      cloud.respond = ({ outgoing }) => outgoing.writeHead(200).end("a".repeat(length));
      const runs = cloud.runs.length;
      assert.equal((await send(proxy, { key })).text, "a".repeat(length));
      const repeat = await send(proxy, { key });
      assert.deepEqual([repeat.status, repeat.maybeExecuted], [status, status === 409 ? true : undefined]);
      assert.equal(repeat.headers.get("retry-after"), null);
      assert.equal(cloud.runs.length, runs + 1);
    }
  });

  test("whose body is not text is used up, and the body is forwarded unchanged", async () => {
    const proxy = makeProxy();
    const key = randomUUID();
    cloud.respond = ({ outgoing }) => outgoing.writeHead(200).end(Buffer.from([0xff, 0xfe, 0x00, 0x80]));
    const first = await proxy(requestOf({ key }));
    assert.deepEqual([...new Uint8Array(await first.arrayBuffer())], [0xff, 0xfe, 0x00, 0x80]);
    assert.equal((await send(proxy, { key })).status, 409);
    assert.equal(cloud.runs.length, 1);
  });

  test("is not used by a request that the proxy rejects", async () => {
    const key = randomUUID();
    let apiKey = /** @type {string | undefined} */ (undefined);
    const proxy = makeProxy({ apiKey: () => apiKey, maxBodyBytes: 100 });
    assert.equal((await send(proxy, { key })).status, 500);
    assert.equal((await send(proxy, { key, body: `"${"a".repeat(200)}"` })).status, 413);
    apiKey = "bu_1";
    assert.equal((await send(proxy, { key })).result, 1);
  });
});

describe("a caller that disconnects", TIMEOUT, () => {
  test("gets the response later", async () => {
    const proxy = makeProxy();
    const key = randomUUID();
    const left = new AbortController();
    const { open, isOpen } = gate();
    let isClosed = false;
    cloud.respond = async ({ incoming, outgoing }) => {
      incoming.socket.on("close", () => {
        isClosed = true;
      });
      left.abort();
      await isOpen;
      json(outgoing, { success: true, result: "paid" });
    };
    const first = send(proxy, { key, signal: left.signal });
    await cloud.received(1);
    const second = send(proxy, { key });
    open();
    assert.deepEqual([(await second).result, isClosed, cloud.runs.length], ["paid", false, 1]);
    await first;
  });

  test("gets the response later, behind node:http", async () => {
    const server = await listen(installed.proxies.toNodeHandler(makeProxy()));
    const url = `http://127.0.0.1:${server.port}${BASE}${EXECUTE}`;
    const key = randomUUID();
    const { open, isOpen } = gate();
    cloud.respond = async ({ outgoing }) => {
      await isOpen;
      json(outgoing, { success: true, result: "paid" });
    };
    const left = new AbortController();
    const headers = { origin: ORIGIN, "content-type": "application/json", "idempotency-key": key };
    const init = { method: "POST", headers, body: "{}" };
    const first = fetch(url, { ...init, signal: left.signal });
    await cloud.received(1);
    left.abort();
    await assert.rejects(first, { name: "AbortError" });
    const second = fetch(url, init);
    open();
    const response = await second;
    assert.deepEqual([(await response.json()).result, cloud.runs.length], ["paid", 1]);
    await server.close();
  });

  test("without a key aborts the request", async () => {
    const left = new AbortController();
    const closed = new Promise((resolve) => {
      cloud.respond = ({ incoming }) => {
        incoming.socket.on("close", resolve);
        left.abort();
      };
    });
    await send(makeProxy(), { signal: left.signal });
    await closed;
  });

  test("ends the wait of a repeat", async () => {
    const proxy = makeProxy();
    const key = randomUUID();
    const { open, isOpen } = gate();
    cloud.respond = async ({ outgoing }) => {
      await isOpen;
      json(outgoing, { success: true });
    };
    const first = send(proxy, { key });
    await cloud.received(1);
    const repeat = await send(proxy, { key, signal: AbortSignal.abort() });
    assert.deepEqual(
      [repeat.status, repeat.maybeExecuted, repeat.headers.get("retry-after")],
      [409, true, "1"],
    );
    open();
    assert.equal((await first).status, 200);
  });

  test("waitUntil gets a promise for the stored response", async () => {
    const proxy = makeProxy();
    const key = randomUUID();
    /** @type {Promise<unknown>[]} */
    const promises = [];
    const context = {
      waitUntil(/** @type {Promise<unknown>} */ promise) {
        assert.equal(this, context);
        promises.push(promise);
      },
    };
    await proxy(requestOf(), context);
    assert.equal(promises.length, 0);
    void proxy(requestOf({ key }), context);
    await cloud.received(2);
    await Promise.all(promises);
    assert.equal(promises.length, 1);
    assert.ok((await send(proxy, { key })).isReplayed);
    // The environment of a worker and the parameters of a route are not contexts.
    const parameters = { params: Promise.resolve({}) };
    assert.equal((await proxy(requestOf({ key }), parameters)).status, 200);
  });
});

describe("users", TIMEOUT, () => {
  test("have separate keys: another user's key finds nothing and reveals nothing", async () => {
    const proxy = makeProxy();
    const key = randomUUID();
    const names = ["a", "b", "null", "undefined", "true", "", '","', `a","${key}`, "A", "a ", "ä", "a\u0308"];
    const users = [undefined, ...names].filter((user) => user !== "");
    for (const [index, user] of users.entries()) {
      // A header has no room for more.
      const sent = {
        key,
        body: `{"parameters":{"secret":${index}}}`,
        ...(user && { user: encodeURIComponent(user) }),
      };
      const first = await send(proxy, sent);
      assert.deepEqual([first.status, first.isReplayed, first.result], [200, false, index + 1], user);
      assert.equal((await send(proxy, sent)).result, index + 1);
    }
    assert.equal(cloud.runs.length, users.length);
  });

  test("have separate keys also while another user's request runs or is lost", async () => {
    const proxy = makeProxy();
    const key = randomUUID();
    const { open, isOpen } = gate();
    cloud.respond = async ({ outgoing }) => {
      await isOpen;
      outgoing.destroy();
    };
    const first = send(proxy, { key, user: "a" });
    await cloud.received(1);
    cloud.respond = ({ outgoing }) => json(outgoing, { success: true, result: "of b" });
    assert.equal((await send(proxy, { key, user: "b", body: "[]" })).result, "of b");
    open();
    assert.equal((await first).maybeExecuted, true);
    assert.equal((await send(proxy, { key, user: "c" })).result, "of b");
  });

  test("200 concurrent users, each with three requests and the same key, have 200 executions", async () => {
    const memory = /** @type {any} */ (installed.proxies.memoryStore());
    const operation =
      (/** @type {string} */ name) =>
      async (/** @type {string[]} */ ...args) => {
        await new Promise((resolve) => setImmediate(resolve));
        return memory[name](...args);
      };
    const names = ["get", "set", "setIfAbsent", "delete"];
    const store = Object.fromEntries(names.map((name) => [name, operation(name)]));
    const proxy = makeProxy({ idempotency: { store: /** @type {any} */ (store) } });
    cloud.respond = ({ body, outgoing }) =>
      json(outgoing, { success: true, result: JSON.parse(body).parameters.user });
    const key = randomUUID();
    const users = Array.from({ length: 200 }, (_, index) => `user ${index}`);
    const sent = users
      .flatMap((user) => [user, user, user])
      .map(async (user) => {
        const { result } = await send(proxy, { key, user, body: JSON.stringify({ parameters: { user } }) });
        assert.equal(result, user);
      });
    await Promise.all(sent);
    assert.equal(cloud.runs.length, 200);
  });
});

describe("a store", TIMEOUT, () => {
  /** @type {Record<string, (run: () => unknown) => unknown>} */
  const FAILURES = {
    throws: () => {
      throw new Error("the store is down");
    },
    rejects: () => Promise.reject(new Error("the store is down")),
    hangs: () => new Promise(() => {}),
    "does it, but its reply is lost": async (run) => {
      await run();
      throw new Error("the store is down");
    },
    "does it, but replies too late": async (run) => {
      await run();
      return new Promise(() => {});
    },
    "replies with nonsense": () => ({ ok: true }),
  };
  const NAMES = /** @type {const} */ (["get", "set", "setIfAbsent", "delete"]);

  /**
   * Creates a store in memory whose `nth` operation fails.
   *
   * @param {number} nth
   * @param {(run: () => unknown) => unknown} fail
   */
  function failingStore(nth, fail) {
    const memory = /** @type {any} */ (installed.proxies.memoryStore());
    const state = { count: 0, fired: "" };
    const store = /** @type {any} */ ({});
    for (const name of NAMES) {
      store[name] = (/** @type {string[]} */ ...args) => {
        state.count += 1;
        const run = () => memory[name](...args);
        if (state.count !== nth) return run();
        state.fired = name;
        return fail(run);
      };
    }
    return { store: /** @type {ProxyStore} */ (store), state };
  }

  /** @type {Array<[string, number, string[]]>} The operations of a run whose response is stored, and of one whose key is freed. */
  const RUNS = [
    ["a run", 200, ["get", "set", "setIfAbsent", "set"]],
    ["a refused run", 422, ["get", "set", "setIfAbsent", "delete"]],
  ];
  for (const [kind, status, operations] of RUNS) {
    for (const [index, operation] of operations.entries()) {
      for (const [failure, fail] of Object.entries(FAILURES)) {
        test(`that fails at ${operation} (${index + 1}) of ${kind}: it ${failure}`, async () => {
          const { store, state } = failingStore(index + 1, fail);
          /** @type {unknown[]} */
          const errors = [];
          const onError = (/** @type {unknown} */ error) => errors.push(error);
          const proxy = makeProxy({ idempotency: { store, storeTimeout: 50, lease: 100 }, onError });
          cloud.respond = ({ outgoing }) => json(outgoing, { detail: "how it went" }, status);
          const key = randomUUID();
          const first = await send(proxy, { key });
          assert.equal(state.fired, operation, "the failure was injected");
          const isBefore = index < 3;
          // An invalid result is not a failure if it is not used.
          const isHarmless =
            failure === "replies with nonsense" && (operation === "set" || operation === "delete");
          if (isBefore && !isHarmless) {
            assert.deepEqual([first.status, cloud.runs.length], [503, 0]);
            assert.equal(first.headers.get("retry-after"), "1");
            const reason = failure === "replies with nonsense" ? `store.${operation} must return` : "store";
            assert.match(String(errors[0]), new RegExp(reason));
          } else {
            assert.deepEqual([first.status, first.detail, cloud.runs.length], [status, "how it went", 1]);
          }
          cloud.respond = ({ outgoing }) => json(outgoing, { detail: "ran" });
          const runs = cloud.runs.length;
          const repeats = [];
          for (const _ of [1, 2, 3]) repeats.push(await send(proxy, { key }));
          const executions = cloud.runs.length - runs + (status === 200 ? runs : 0);
          assert.ok(executions <= 1, `${executions} executions`);
          // If nothing was sent, it runs now. Otherwise a response that was not stored is lost.
          if (isBefore) assert.equal(executions, 1);
          for (const repeat of repeats) {
            const isLost = !isBefore && repeat.status === 409 && repeat.maybeExecuted === true;
            assert.ok(repeat.status === 200 || isLost, String(repeat.status));
          }
        });
      }
    }
  }

  test("that fails while a repeat waits: nothing is sent, and the repeat can be retried", async () => {
    for (const nth of [5, 6]) {
      const { store, state } = failingStore(nth, () => Promise.reject(new Error("the store is down")));
      const proxy = makeProxy({ idempotency: { store, lease: 60_000 } });
      const { open, isOpen } = gate();
      cloud.respond = async ({ outgoing }) => {
        await isOpen;
        json(outgoing, { success: true, result: nth });
      };
      const key = randomUUID();
      const runs = cloud.runs.length;
      const first = send(proxy, { key });
      await cloud.received(runs + 1);
      // get, set and setIfAbsent of the first request; then get of the record and of the lease.
      const repeat = send(proxy, { key });
      assert.equal((await repeat).status, nth === 5 || nth === 6 ? 503 : 200);
      assert.equal(state.fired, "get");
      open();
      assert.equal((await first).status, 200);
      assert.equal((await send(proxy, { key })).result, nth);
      assert.equal(cloud.runs.length, runs + 1);
    }
  });

  test("that has lost the lease only ends the wait of repeats early", async () => {
    const memory = installed.proxies.memoryStore();
    let isDown = false;
    /** @type {ProxyStore} */
    const store = {
      ...memory,
      set: (name, value, ttl) => {
        if (isDown && name.startsWith("lease/")) throw new Error("the store is down");
        return memory.set(name, value, ttl);
      },
    };
    /** @type {unknown[]} */
    const errors = [];
    const onError = (/** @type {unknown} */ error) => errors.push(error);
    const proxy = makeProxy({ idempotency: { store, lease: 100 }, onError });
    const { open, isOpen } = gate();
    cloud.respond = async ({ outgoing }) => {
      await isOpen;
      json(outgoing, { success: true, result: "late" });
    };
    const key = randomUUID();
    const first = send(proxy, { key });
    await cloud.received(1);
    isDown = true;
    const early = await send(proxy, { key });
    assert.deepEqual([early.status, early.maybeExecuted], [409, true]);
    assert.ok(errors.length > 0);
    open();
    assert.equal((await first).result, "late");
    const replayed = await send(proxy, { key });
    assert.deepEqual([replayed.result, replayed.isReplayed, cloud.runs.length], ["late", true, 1]);
  });

  test("sets the lease before the key, and renews it while the request runs", async () => {
    const memory = installed.proxies.memoryStore();
    let leases = 0;
    const renewed = gate();
    /** @type {ProxyStore} */
    const store = {
      ...memory,
      set: (name, value, ttl) => {
        if (name.startsWith("lease/")) leases += 1;
        if (leases === 12) renewed.open();
        return memory.set(name, value, ttl);
      },
      setIfAbsent: (name, value, ttl) => {
        assert.equal(leases, 1);
        return memory.setIfAbsent(name, value, ttl);
      },
    };
    const proxy = makeProxy({ idempotency: { store, lease: 200 } });
    const { open, isOpen } = gate();
    cloud.respond = async ({ outgoing }) => {
      await isOpen;
      json(outgoing, { success: true, result: "slow" });
    };
    const key = randomUUID();
    const first = send(proxy, { key });
    await cloud.received(1);
    const repeat = send(proxy, { key });
    // Several lease durations.
    await renewed.isOpen;
    const late = send(proxy, { key });
    open();
    const results = [(await first).result, (await repeat).result, (await late).result];
    assert.deepEqual([...results, cloud.runs.length], ["slow", "slow", "slow", 1]);
    const count = leases;
    assert.ok((await send(proxy, { key })).isReplayed);
    assert.equal(leases, count, "the lease is not renewed after the end");
  });

  test("that retries a command whose reply was lost does not block its own request", async () => {
    const memory = installed.proxies.memoryStore();
    /** As ioredis does after a lost connection: the second SET NX finds what the first has set. @type {ProxyStore} */
    const store = {
      ...memory,
      setIfAbsent: async (...args) => {
        await memory.setIfAbsent(...args);
        return memory.setIfAbsent(...args);
      },
    };
    assert.equal((await send(makeProxy({ idempotency: { store } }), { key: randomUUID() })).result, 1);
  });

  test("deletes only entries that the request has set", async () => {
    const memory = installed.proxies.memoryStore();
    await memory.set("a", "1", 1000);
    await memory.delete("a", "2");
    assert.equal(await memory.get("a"), "1");
    await memory.delete("a", "1");
    assert.equal(await memory.get("a"), undefined);
  });
});

describe("a stalled instance", TIMEOUT, () => {
  test("that continues after its lease has expired sends the only request", async () => {
    const memory = installed.proxies.memoryStore();
    const stalled = gate();
    const claimed = gate();
    /** The reply to its claim reaches it late. @type {ProxyStore} */
    const slow = {
      ...memory,
      setIfAbsent: async (...args) => {
        const isSet = await memory.setIfAbsent(...args);
        claimed.open();
        await stalled.isOpen;
        return isSet;
      },
    };
    const a = makeProxy({ idempotency: { store: slow, lease: 30, storeTimeout: 50_000 } });
    const b = makeProxy({ idempotency: { store: memory, lease: 30 } });
    const key = randomUUID();
    const first = send(a, { key });
    await claimed.isOpen;
    for (const _ of [1, 2]) {
      const repeat = await send(b, { key });
      assert.deepEqual([repeat.status, repeat.maybeExecuted], [409, true]);
    }
    assert.equal(cloud.runs.length, 0);
    stalled.open();
    assert.equal((await first).result, 1);
    assert.ok((await send(b, { key })).isReplayed);
    assert.equal(cloud.runs.length, 1);
  });

  test("that continues after its key has expired sends nothing", async (context) => {
    context.mock.timers.enable({ apis: ["Date"], now: 1_700_000_000_000 });
    const memory = installed.proxies.memoryStore();
    const stalled = gate();
    const claimed = gate();
    /** @type {ProxyStore} */
    const slow = {
      ...memory,
      setIfAbsent: async (...args) => {
        const isSet = await memory.setIfAbsent(...args);
        claimed.open();
        await stalled.isOpen;
        return isSet;
      },
    };
    const a = makeProxy({ idempotency: { store: slow, storeTimeout: 50_000 } });
    const b = makeProxy({ idempotency: { store: memory } });
    const key = randomUUID();
    const first = send(a, { key });
    await claimed.isOpen;
    context.mock.timers.tick(86_400_000 + 300_000);
    assert.equal((await send(b, { key })).result, 1);
    stalled.open();
    assert.equal((await first).status, 503);
    assert.equal(cloud.runs.length, 1);
  });
});

describe("the store in memory", TIMEOUT, () => {
  test("keeps a key for a day, and while its request runs", async (context) => {
    context.mock.timers.enable({ apis: ["Date"], now: 1_700_000_000_000 });
    const proxy = makeProxy();
    const key = randomUUID();
    const { open, isOpen } = gate();
    cloud.respond = async ({ outgoing }) => {
      await isOpen;
      json(outgoing, { success: true, result: cloud.runs.length });
    };
    const first = send(proxy, { key });
    await cloud.received(1);
    open();
    await first;
    context.mock.timers.tick(86_400_000 - 1);
    assert.deepEqual(((one) => [one.result, one.isReplayed])(await send(proxy, { key })), [1, true]);
    context.mock.timers.tick(1);
    assert.deepEqual(((one) => [one.result, one.isReplayed])(await send(proxy, { key })), [2, false]);
  });

  test("keeps the key of a request that takes longer than the TTL", async (context) => {
    context.mock.timers.enable({ apis: ["Date"], now: 1_700_000_000_000 });
    const proxy = makeProxy({ idempotency: { ttl: 1000, lease: 80_000_000 } });
    const key = randomUUID();
    const { open, isOpen } = gate();
    cloud.respond = async ({ outgoing }) => {
      if (cloud.runs.length === 1) await isOpen;
      json(outgoing, { success: true, result: "slow" });
    };
    const first = send(proxy, { key });
    await cloud.received(1);
    context.mock.timers.tick(299_000);
    assert.equal((await send(proxy, { key, body: "[]" })).status, 422);
    const repeat = send(proxy, { key });
    open();
    assert.deepEqual([(await first).result, (await repeat).result, cloud.runs.length], ["slow", "slow", 1]);
  });

  for (const [name, limits] of Object.entries({ keys: { maxKeys: 6 }, bytes: { maxBytes: 2500 } })) {
    test(`rejects new keys when it has too many ${name}, and evicts none`, async (context) => {
      context.mock.timers.enable({ apis: ["Date"], now: 1_700_000_000_000 });
      /** @type {unknown[]} */
      const errors = [];
      const store = installed.proxies.memoryStore(limits);
      const proxy = makeProxy({ idempotency: { store }, onError: (error) => errors.push(error) });
      /** @type {Map<string, string>} */
      const kept = new Map();
      let refused = 0;
      for (let count = 0; count < 20; count += 1) {
        const key = randomUUID();
        const { status, text } = await send(proxy, { key });
        if (status === 200) kept.set(key, text);
        else refused += 1;
        assert.ok(status === 200 || status === 503, String(status));
      }
      assert.ok(kept.size > 0 && refused > 0, `${kept.size} kept, ${refused} refused`);
      assert.equal(cloud.runs.length, kept.size, "a rejected request is not sent");
      assert.match(String(errors[0]), /full/);
      for (const [key, text] of kept) {
        const repeat = await send(proxy, { key });
        // The response of the last one may have exceeded the limit.
        if (repeat.status !== 409) assert.deepEqual([repeat.text, repeat.isReplayed], [text, true]);
      }
      assert.equal(cloud.runs.length, kept.size);
      context.mock.timers.tick(86_400_000 + 300_000);
      assert.equal((await send(proxy, { key: randomUUID() })).status, 200);
    });
  }

  test("rejects invalid limits", () => {
    const { memoryStore } = installed.proxies;
    for (const limits of [{ maxKeys: 0 }, { maxKeys: Number.NaN }, { maxBytes: -1 }])
      assert.throws(() => memoryStore(limits), TypeError);
  });
});

describe("a body", TIMEOUT, () => {
  test("that does not arrive gets 408, and nothing is sent", async () => {
    const proxy = makeProxy({ bodyTimeout: 30 });
    const stream = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode("{")),
    });
    const headers = { origin: ORIGIN, "content-type": "application/json", "idempotency-key": randomUUID() };
    const init = { method: "POST", headers, body: stream, duplex: "half" };
    const response = await proxy(new Request(`https://app.example.com${BASE}${EXECUTE}`, init));
    assert.deepEqual([response.status, cloud.runs.length], [408, 0]);
  });

  test("that breaks off in the cloud is reported to onError, also without a key", async () => {
    /** @type {unknown[]} */
    const errors = [];
    const proxy = makeProxy({ onError: (error) => errors.push(error) });
    cloud.respond = ({ incoming, outgoing }) => {
      outgoing.writeHead(200, { "content-length": "99" });
      outgoing.write("{", () => incoming.socket.resetAndDestroy());
    };
    const response = await proxy(requestOf());
    assert.equal(response.status, 200);
    await assert.rejects(response.text());
    assert.equal(errors.length, 1);
  });

  test("that the caller does not read to its end is not an error", async () => {
    /** @type {unknown[]} */
    const errors = [];
    const proxy = makeProxy({ onError: (error) => errors.push(error) });
    const left = new AbortController();
    cloud.respond = ({ outgoing }) => outgoing.writeHead(200).write("{");
    const { body } = await proxy(requestOf({ signal: left.signal }));
    const reader = body?.getReader();
    await reader?.read();
    left.abort();
    await assert.rejects(async () => reader?.read());
    assert.deepEqual(errors, []);
  });
});
