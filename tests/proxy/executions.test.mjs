// @ts-check
/** A proxy lists and returns a user's own executions only. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { json, startCloud } from "../lib/cloud.mjs";
import { importPackage } from "../lib/package.mjs";

const ORIGIN = "https://app.example.com";
const BASE = "/api/browser-use";
const ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
const OTHER = "4c90c3cc-0d44-4b50-8888-8dd25736052b";
const TIMEOUT = { timeout: 60_000 };
const HOUR = 3_600_000;

/** @typedef {import("browser-use-skills/proxy").ProxyOptions} ProxyOptions */
/** @typedef {ReturnType<typeof import("browser-use-skills/proxy").createProxy>} Proxy */
/** @typedef {{ result?: unknown, success?: boolean, latencyMs?: number, at?: number }} How */

/** @type {Awaited<ReturnType<typeof importPackage>>} */
let installed;
/** @type {Awaited<ReturnType<typeof startCloud>>} */
let cloud;
/** The arguments of `onError`. @type {unknown[]} */
let errors;
before(async () => {
  installed = await importPackage();
});
after(() => installed?.remove());
beforeEach(async () => {
  errors = [];
  cloud = await startCloud();
});
afterEach(() => cloud?.close());

/** @param {Partial<ProxyOptions>} [options] */
function makeProxy(options) {
  return installed.proxies.createProxy({
    apiKey: "bu_1",
    allow: { operations: ["skills.execute", "skills.executions", "skills.executionOutput"] },
    origins: [ORIGIN],
    authorize: (request) => request.headers.get("x-user") ?? true,
    baseUrl: cloud.baseUrl,
    onError: (error) => errors.push(error),
    ...options,
  });
}

/** @param {Proxy} proxy @param {string} path @param {string | undefined} user @param {RequestInit} [init] */
async function send(proxy, path, user, init) {
  const headers = new Headers({ origin: ORIGIN, "content-type": "application/json", ...init?.headers });
  if (user !== undefined) headers.set("x-user", user);
  const response = await proxy(new Request(`https://app.example.com${BASE}${path}`, { ...init, headers }));
  const text = await response.text();
  return { status: response.status, text, body: text.startsWith("{") ? JSON.parse(text) : undefined };
}

/** Runs a skill as a user. Returns the id of the execution, which the response to the user does not contain. @param {Proxy} proxy @param {string} user @param {How} [how] @param {Record<string, string>} [headers] */
async function run(proxy, user, how, headers = {}) {
  let id = "";
  cloud.respond = ({ outgoing }) => {
    const execution = cloud.execute(how);
    id = execution.id;
    json(outgoing, execution.response);
  };
  const { status } = await send(proxy, `/skills/${ID}/execute`, user, {
    method: "POST",
    body: "{}",
    headers,
  });
  assert.equal(status, 200);
  return id;
}

/** @param {Proxy} proxy @param {string} user @param {string} [query] */
async function listOf(proxy, user, query = "") {
  const { status, body, text } = await send(proxy, `/skills/${ID}/executions${query}`, user);
  assert.equal(status, 200, text);
  const items = /** @type {Array<{ id: string }>} */ (body.items);
  return { ids: items.map(({ id }) => id), totalItems: body.totalItems, body };
}

/** @param {Proxy} proxy @param {string} user @param {string} id */
const outputOf = (proxy, user, id) => send(proxy, `/skills/${ID}/executions/${id}/output`, user);

describe("the list of executions", TIMEOUT, () => {
  test("contains the executions of the user only, with and without an idempotency key", async () => {
    const proxy = makeProxy({ idempotency: true });
    const ofA = await run(proxy, "a", { result: { secret: "of a" } });
    const ofB = await run(proxy, "b", { result: { secret: "of b" } }, { "idempotency-key": randomUUID() });
    cloud.execute({ result: "of the owner of the key" });
    for (const [user, id] of [
      ["a", ofA],
      ["b", ofB],
    ]) {
      const list = await listOf(proxy, user ?? "");
      assert.deepEqual([list.ids, list.totalItems], [[id], 1]);
      assert.deepEqual(list.body.items[0], cloud.list.find(({ view }) => view.id === id)?.view);
    }
    assert.deepEqual((await listOf(proxy, "c")).ids, []);
    assert.deepEqual(errors, []);
  });

  test("compares results regardless of the order of keys", async () => {
    const proxy = makeProxy();
    const id = await run(proxy, "a", { result: { a: [1, { b: "ü", c: null }], d: 1e21 } });
    const [listed] = cloud.list;
    if (listed) listed.output = '{ "d": 1000000000000000000000, "a": [1.0, {"c":null,"b":"\\u00fc"}] }';
    assert.deepEqual((await listOf(proxy, "a")).ids, [id]);
  });

  test("has pages of the user's executions", async () => {
    const proxy = makeProxy();
    const own = [];
    for (let count = 0; count < 5; count += 1) {
      own.unshift(await run(proxy, "a", { result: count, latencyMs: 100 + count }));
      await run(proxy, "b", { result: `b ${count}`, latencyMs: 100 + count });
    }
    const page = async (/** @type {number} */ number) =>
      listOf(proxy, "a", `?pageSize=2&pageNumber=${number}`);
    for (const number of [1, 2, 3, 4]) {
      const { ids, body } = await page(number);
      assert.deepEqual(ids, own.slice(2 * number - 2, 2 * number));
      assert.deepEqual([body.totalItems, body.pageNumber, body.pageSize], [5, number, 2]);
    }
    for (const query of [
      "pageSize=0",
      "pageSize=101",
      "pageSize=1e1",
      "pageNumber=-1",
      "pageNumber=x",
      "a=1",
    ])
      assert.equal((await send(proxy, `/skills/${ID}/executions?${query}`, "a")).status, 422, query);
  });

  test("finds executions among many pages of other users'", async () => {
    const proxy = makeProxy();
    const id = await run(proxy, "a", { result: "mine" });
    for (let count = 0; count < 350; count += 1) cloud.execute({ result: count, latencyMs: 2000 + count });
    cloud.reads.length = 0;
    assert.deepEqual((await listOf(proxy, "a")).ids, [id]);
    // Four pages, then the output's URL and the download of the one new execution.
    assert.equal(cloud.reads.length, 6);
    cloud.reads.length = 0;
    assert.deepEqual((await listOf(proxy, "a")).ids, [id]);
    assert.equal(cloud.reads.length, 4);
  });

  test("requests at most 10 pages from the cloud", async () => {
    const proxy = makeProxy();
    await run(proxy, "a", { result: "mine" });
    for (let count = 0; count < 1200; count += 1) cloud.execute({ result: count, latencyMs: 2000 + count });
    cloud.reads.length = 0;
    assert.deepEqual((await listOf(proxy, "a")).ids, []);
    assert.equal(cloud.reads.length, 10);
  });

  test("does not contain executions that only resemble the user's", async () => {
    const proxy = makeProxy();
    const id = await run(proxy, "a", { result: "mine", latencyMs: 1000 });
    cloud.execute({ result: "another", latencyMs: 1000 });
    cloud.execute({ result: "mine", latencyMs: 1001 });
    cloud.execute({ result: "mine", latencyMs: 1000, success: false });
    cloud.execute({ result: "mine", latencyMs: 1000, at: Date.now() - HOUR });
    cloud.execute({ result: "mine", latencyMs: 1000, at: Date.now() + HOUR });
    assert.deepEqual((await listOf(proxy, "a")).ids, [id]);
  });

  test("contains as many identical executions as the user has run", async () => {
    const proxy = makeProxy();
    const how = { result: [], latencyMs: 0 };
    for (const user of ["a", "b", "b"]) await run(proxy, user, how);
    cloud.execute(how);
    const [ofB, ofA] = [await listOf(proxy, "b"), await listOf(proxy, "a")];
    assert.deepEqual([ofA.totalItems, ofB.totalItems], [1, 2]);
    assert.equal(new Set([...ofA.ids, ...ofB.ids]).size, 3);
    // The first list assigns them, for all users.
    assert.deepEqual((await listOf(proxy, "a")).ids, ofA.ids);
    assert.deepEqual((await listOf(proxy, "b")).ids, ofB.ids);
  });

  test("assigns each of 60 identical executions to one user, although lists race", async () => {
    const proxy = makeProxy();
    const users = Array.from({ length: 60 }, (_, index) => `user ${index}`);
    cloud.respond = ({ outgoing }) => json(outgoing, cloud.execute({ result: [], latencyMs: 0 }).response);
    const execute = (/** @type {string} */ user) =>
      send(proxy, `/skills/${ID}/execute`, user, { method: "POST", body: "{}" });
    await Promise.all(users.map(execute));
    await Promise.all(users.map((user) => listOf(proxy, user)));
    const lists = [];
    for (const user of users) lists.push(await listOf(proxy, user, "?pageSize=100"));
    assert.deepEqual(new Set(lists.map(({ totalItems }) => totalItems)), new Set([1]));
    assert.equal(new Set(lists.flatMap(({ ids }) => ids)).size, 60);
  });

  test("contains an execution without output only if it can be no other user's", async () => {
    const proxy = makeProxy();
    const failed = { success: false, latencyMs: 700 };
    const id = await run(proxy, "a", failed);
    assert.deepEqual((await listOf(proxy, "a")).ids, [id]);
    // Once assigned, it stays the user's.
    cloud.execute(failed);
    assert.deepEqual((await listOf(proxy, "a")).ids, [id]);

    const two = { success: false, latencyMs: 800 };
    await run(proxy, "a", two);
    cloud.execute(two);
    assert.deepEqual((await listOf(proxy, "a")).ids, [id], "two executions fit one run");

    const three = { success: false, latencyMs: 900 };
    await run(proxy, "a", three);
    await run(proxy, "b", three);
    assert.deepEqual((await listOf(proxy, "a")).ids, [id], "two runs fit");
    assert.deepEqual((await listOf(proxy, "b")).ids, []);

    const four = { success: false, latencyMs: 1000 };
    for (const user of ["a", "b"]) await run(proxy, user, four);
    cloud.list.shift();
    assert.deepEqual((await listOf(proxy, "a")).ids, [id], "two runs fit the one that the cloud still lists");
    assert.deepEqual((await listOf(proxy, "b")).ids, []);

    const paid = { result: "mine", latencyMs: 1100 };
    const withOutput = await run(proxy, "a", paid);
    cloud.execute({ latencyMs: 1100 });
    assert.deepEqual((await listOf(proxy, "a")).ids, [withOutput, id], "a run with a result is none without");
  });

  test("does not contain a running execution, or one without a response", async () => {
    const proxy = makeProxy();
    const running = cloud.execute({ result: 1 });
    const [listed] = cloud.list;
    if (listed) Object.assign(listed.view, { status: "running", finishedAt: null, latencyMs: null });
    cloud.respond = ({ outgoing }) => {
      cloud.execute({ result: 2 });
      outgoing.destroy();
    };
    await send(proxy, `/skills/${ID}/execute`, "a", { method: "POST", body: "{}" });
    assert.deepEqual((await listOf(proxy, "a")).ids, []);
    assert.equal((await outputOf(proxy, "a", running.id)).status, 404);
  });

  test("covers one day", async (context) => {
    context.mock.timers.enable({ apis: ["Date"], now: 1_700_000_000_000 });
    const proxy = makeProxy();
    const id = await run(proxy, "a", { result: 1 });
    context.mock.timers.tick(86_400_000 - 1);
    assert.deepEqual((await listOf(proxy, "a")).ids, [id]);
    context.mock.timers.tick(1);
    assert.deepEqual((await listOf(proxy, "a")).ids, []);
  });

  test("forwards the cloud's error", async () => {
    const proxy = makeProxy({
      fetch: async () => Response.json({ detail: "Skill not found" }, { status: 404 }),
    });
    const { status, body } = await send(proxy, `/skills/${ID}/executions`, "a");
    assert.deepEqual([status, body], [404, { detail: "Skill not found" }]);
  });
});

describe("a hostile cloud", TIMEOUT, () => {
  test("can list anything: the proxy responds with 502 or with proven executions", async () => {
    const id = randomUUID();
    const item = {
      id,
      skillId: ID,
      success: true,
      startedAt: "",
      finishedAt: "",
      latencyMs: 1,
      hasOutput: true,
    };
    /** @type {Array<[string, number]>} */
    const responses = [
      ["", 502],
      ["{}", 502],
      ["[]", 502],
      ['{"items":7,"totalItems":1}', 502],
      ['{"items":[null,7,"a",[],{}],"totalItems":5}', 200],
      [JSON.stringify({ items: [{ ...item, id: "../../billing" }], totalItems: 1 }), 200],
      [JSON.stringify({ items: [{ ...item, startedAt: 7, latencyMs: "1" }], totalItems: 1 }), 200],
      [JSON.stringify({ items: [item], totalItems: 1e9 }), 200],
    ];
    for (const [text, expected] of responses) {
      let asked = 0;
      const proxy = makeProxy({
        fetch: async () => {
          asked += 1;
          return new Response(text, { headers: { "content-type": "application/json" } });
        },
      });
      const { status, body } = await send(proxy, `/skills/${ID}/executions`, "a");
      assert.equal(status, expected, text);
      if (status === 200) assert.deepEqual(body.items, [], text);
      assert.ok(asked <= 10, `${asked} requests`);
    }
  });

  test("can send any execution id: the proxy requests no other path", async () => {
    const proxy = makeProxy();
    for (const id of ["../../billing/account", `${randomUUID()}/../..`, "", "?", 7, null]) {
      await run(proxy, "a", { result: "mine" });
      const [listed] = cloud.list;
      Object.assign(listed?.view ?? {}, { id });
      cloud.reads.length = 0;
      assert.deepEqual((await listOf(proxy, "a")).ids, []);
      const others = cloud.reads.filter((url) => !url.startsWith(`/skills/${ID}/executions?`));
      assert.deepEqual([others, cloud.reads.length > 0], [[], true], String(id));
      cloud.list.length = 0;
    }
  });

  test("can send any output URL: the proxy requests only https or localhost, without the key", async () => {
    const urls = ["http://evil.example/", "file:///etc/passwd", "//evil.example/", "", 7, null, {}];
    for (const downloadUrl of [...urls, "https://files.example/output"]) {
      errors = [];
      cloud.list.length = 0;
      /** @type {Array<{ url: string, init: RequestInit }>} */
      const asked = [];
      const proxy = makeProxy({
        fetch: async (url, init) => {
          asked.push({ url, init });
          if (url.endsWith("/output") && url.startsWith(cloud.baseUrl)) return Response.json({ downloadUrl });
          if (url.startsWith(cloud.baseUrl)) return fetch(url, init);
          return new Response('"mine"');
        },
      });
      const id = await run(proxy, "a", { result: "mine" });
      const { ids } = await listOf(proxy, "a");
      const outside = asked.filter(({ url }) => !url.startsWith(cloud.baseUrl));
      if (downloadUrl === "https://files.example/output") {
        assert.deepEqual([ids, outside.length], [[id], 1]);
        assert.ok(!JSON.stringify(outside[0]?.init.headers ?? {}).includes("bu_1"));
      } else {
        assert.deepEqual([ids, outside, errors.length], [[], [], 1], String(downloadUrl));
      }
    }
  });

  test("can send any output: it does not match, or is reported", async () => {
    const outputs = ["", "nine", '"other"', "a".repeat(11 << 20), `${"[".repeat(100_000)}`, '{"a":1}'];
    for (const output of outputs) {
      const proxy = makeProxy();
      await run(proxy, "a", { result: "mine" });
      const [listed] = cloud.list;
      if (listed) listed.output = output;
      assert.deepEqual((await listOf(proxy, "a")).ids, [], output.slice(0, 20));
    }
    const proxy = makeProxy();
    const [{ view }] = [cloud.execute({ result: 1 }), ...cloud.list]
      .slice(1)
      .map((one) => /** @type {any} */ (one));
    assert.ok(view);
    for (const text of ["", "7", "null", "[]", '{"success":1,"latencyMs":1000}', "[".repeat(100_000)]) {
      cloud.respond = ({ outgoing }) =>
        outgoing.writeHead(200, { "content-type": "application/json" }).end(text);
      const sent = await send(proxy, `/skills/${ID}/execute`, "a", { method: "POST", body: "{}" });
      assert.deepEqual([sent.status, sent.text], [200, text]);
    }
    assert.deepEqual((await listOf(proxy, "a")).ids, []);
  });
});

describe("an attack", TIMEOUT, () => {
  test("without a user's id gets nothing", async () => {
    for (const authorize of [() => true, async () => /** @type {const} */ (true)]) {
      const proxy = makeProxy({ authorize });
      const id = await run(proxy, "a", { result: "secret" });
      cloud.reads.length = 0;
      for (const path of [`/skills/${ID}/executions`, `/skills/${ID}/executions/${id}/output`]) {
        const { status, body } = await send(proxy, path, "a");
        assert.equal(status, 403);
        assert.match(body.detail, /user's id/);
      }
      assert.deepEqual(cloud.reads, []);
    }
  });

  test("with another user's execution id gets the 404 of an unknown id", async () => {
    const proxy = makeProxy();
    const id = await run(proxy, "a", { result: "secret" });
    await listOf(proxy, "a");
    assert.equal((await outputOf(proxy, "a", id)).status, 200);
    assert.equal((await outputOf(proxy, "a", id.toUpperCase())).status, 200);
    cloud.reads.length = 0;
    const missing = await outputOf(proxy, "b", randomUUID());
    assert.deepEqual(await outputOf(proxy, "b", id), missing);
    assert.equal(missing.status, 404);
    assert.deepEqual(cloud.reads, []);
  });

  test("that runs the same parameters gets its own execution, not another user's", async () => {
    const proxy = makeProxy();
    const ofA = await run(proxy, "a", { result: { secret: 1 }, latencyMs: 500 });
    for (const result of [{ secret: 2 }, { secret: 1, more: 1 }, [{ secret: 1 }], null, "secret"])
      await run(proxy, "b", { result, latencyMs: 500 });
    const list = await listOf(proxy, "b", "?pageSize=100");
    assert.ok(!list.ids.includes(ofA));
    assert.equal((await outputOf(proxy, "b", ofA)).status, 404);
    assert.deepEqual((await listOf(proxy, "a")).ids, [ofA]);
  });

  test("on another skill finds nothing", async () => {
    const proxy = makeProxy();
    await run(proxy, "a", { result: "mine" });
    const { body } = await send(proxy, `/skills/${OTHER}/executions`, "a");
    assert.deepEqual(body.items, []);
  });

  test("by a user whose name is part of a key in the store finds nothing", async () => {
    const proxy = makeProxy();
    const id = await run(proxy, "a", { result: "mine" });
    await listOf(proxy, "a");
    for (const user of [`owner/${id}`, "a/", "A", "__proto__", "constructor", "undefined"])
      assert.deepEqual((await listOf(proxy, user)).ids, []);
  });
});

describe("a failing store of executions", TIMEOUT, () => {
  for (const name of /** @type {const} */ (["get", "setIfAbsent"])) {
    test(`at ${name} lists nothing, and loses no response`, async () => {
      const memory = installed.proxies.memoryStore();
      let isDown = true;
      let fired = 0;
      const store = {
        ...memory,
        [name]: (/** @type {[string, string, number]} */ ...args) => {
          if (!isDown) return /** @type {any} */ (memory)[name](...args);
          fired += 1;
          throw new Error("the store is down");
        },
      };
      const proxy = makeProxy({ executions: { store } });
      const id = await run(proxy, "a", { result: "mine" });
      const { status, body } = await send(proxy, `/skills/${ID}/executions`, "a");
      if (name === "get") assert.equal(status, 503);
      else assert.deepEqual([status, body.items], [200, []]);
      assert.equal((await outputOf(proxy, "a", id)).status, name === "get" ? 503 : 404);
      assert.ok(fired > 0 && errors.length > 0);
      isDown = false;
      assert.deepEqual((await listOf(proxy, "b")).ids, []);
    });
  }
});
