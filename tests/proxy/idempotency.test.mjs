// @ts-check
/** Idempotency keys: a key runs at most once, and repeats get its response. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { json } from "../lib/cloud.mjs";
import {
  BASE,
  cloud,
  EXECUTE,
  gate,
  ID,
  installed,
  makeProxy,
  ORIGIN,
  requestOf,
  send,
  startClouds,
  TIMEOUT,
} from "../lib/idempotency.mjs";
import { listen } from "../lib/runtimes.mjs";

startClouds();

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
