// @ts-check
/** Which responses of the cloud use up an idempotency key, and bodies that break off. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createServer } from "node:net";
import { describe, test } from "node:test";
import { json } from "../lib/cloud.mjs";
import {
  BASE,
  cloud,
  EXECUTE,
  installed,
  makeProxy,
  ORIGIN,
  requestOf,
  send,
  startClouds,
  TIMEOUT,
} from "../lib/idempotency.mjs";

startClouds();

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
