// @ts-check
/** Two instances of a proxy with a shared persistent store: Redis, and Durable Objects in workerd. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { cp } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { root } from "../../scripts/lib/run.mjs";
import { json, startCloud } from "../lib/cloud.mjs";
import { importPackage } from "../lib/package.mjs";
import { connectRedis, startRedis } from "../lib/redis.mjs";
import { startWorkerdPair } from "../lib/runtimes.mjs";
import { until } from "../lib/until.mjs";

const ORIGIN = "https://app.example.com";
const ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
const PATH = `/api/browser-use/skills/${ID}`;
/** How long a test waits until an instance has exited, in milliseconds. */
const SHORT_LEASE = "300";
const LONG_LEASE = "60000";
const DAY = "86400000";
const TIMEOUT = { timeout: 60_000 };

/** @type {Awaited<ReturnType<typeof importPackage>>} */
let installed;
/** @type {Awaited<ReturnType<typeof startCloud>>} */
let cloud;
before(async () => {
  installed = await importPackage();
  await cp(join(root, "tests/proxy/durable.js"), join(installed.projectFolder, "durable.js"));
});
after(() => installed?.remove());
beforeEach(async () => {
  cloud = await startCloud();
});
afterEach(() => cloud?.close());

/** @param {number} port @param {{ key?: string, user?: string, body?: string }} sent */
async function execute(port, { key = randomUUID(), user = "a", body = "{}" }) {
  const headers = {
    origin: ORIGIN,
    "content-type": "application/json",
    "idempotency-key": key,
    "x-user": user,
  };
  const url = `http://127.0.0.1:${port}${PATH}/execute`;
  const response = await fetch(url, { method: "POST", headers, body });
  const { result, maybeExecuted } = await response.json();
  const isReplayed = response.headers.get("idempotency-replayed") === "true";
  return { status: response.status, result, maybeExecuted, isReplayed };
}

/** @param {number} port @param {string} user @returns {Promise<{ items: Array<{ id: string }>, totalItems: number }>} */
async function executionsOf(port, user) {
  const headers = { origin: ORIGIN, "x-user": user };
  const response = await fetch(`http://127.0.0.1:${port}${PATH}/executions`, { headers });
  assert.equal(response.status, 200);
  return response.json();
}

/**
 * @typedef {object} Instances
 * @property {number} a - The port of one instance.
 * @property {number} b - The port of the other.
 * @property {() => Promise<number>} kill - Kills the first instance, as `kill -9` does. Returns the port of one that still serves the store.
 * @property {() => Promise<void>} close
 */

/** @param {string} lease @param {string} ttl */
async function onRedis(lease, ttl) {
  const redis = await startRedis();
  const start = async () => {
    const script = join(root, "tests/proxy/instance.mjs");
    const args = [script, join(installed.packageFolder, "proxy.js"), redis.socket, cloud.baseUrl, lease, ttl];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await once(createInterface({ input: child.stdout }), "line");
    const kill = async () => {
      child.kill("SIGKILL");
      await once(child, "exit");
    };
    return { port: Number(line), kill, signal: (/** @type {NodeJS.Signals} */ name) => child.kill(name) };
  };
  const [a, b] = await Promise.all([start(), start()]);
  let isKilled = false;
  return {
    a: a.port,
    b: b.port,
    /** Suspends the first instance, as a machine that sleeps, until it is resumed. */
    sleep: () => a.signal("SIGSTOP"),
    wake: () => a.signal("SIGCONT"),
    kill: async () => {
      await a.kill();
      isKilled = true;
      return b.port;
    },
    close: async () => {
      if (!isKilled) await a.kill();
      await b.kill();
      await redis.close();
    },
  };
}

/** @param {string} lease @param {string} ttl @returns {Promise<Instances>} */
async function onDurableObjects(lease, ttl) {
  const storage = `storage-${randomUUID()}`;
  const start = () =>
    startWorkerdPair(installed.projectFolder, { UPSTREAM: cloud.baseUrl, LEASE: lease, TTL: ttl }, storage);
  let running = await start();
  const [a = 0, b = 0] = running.ports;
  return {
    a,
    b,
    // One process runs both instances and the store, which persists on disk.
    kill: async () => {
      await running.close();
      running = await start();
      return running.ports[1] ?? 0;
    },
    close: () => running.close(),
  };
}

for (const [name, start] of Object.entries({ Redis: onRedis, "Durable Objects": onDurableObjects })) {
  describe(`two instances on ${name}`, TIMEOUT, () => {
    /** @type {Instances} */
    let instances;
    const startBoth = async (lease = LONG_LEASE, ttl = DAY) => {
      instances = await start(lease, ttl);
      return instances;
    };
    afterEach(() => instances?.close());

    test("run each of 200 users' keys once, although repeats race", async () => {
      const { a, b } = await startBoth();
      cloud.respond = ({ body, outgoing }) =>
        json(outgoing, { success: true, result: JSON.parse(body).user });
      const key = randomUUID();
      const users = Array.from({ length: 200 }, (_, index) => `user ${index}`);
      const sent = users.flatMap((user) => [a, b, a, b].map((port) => ({ port, user })));
      const responses = await Promise.all(
        sent.map(({ port, user }) => execute(port, { key, user, body: JSON.stringify({ user }) })),
      );
      for (const [index, { status, result }] of responses.entries())
        assert.deepEqual([status, result], [200, sent[index]?.user]);
      assert.equal(cloud.runs.length, 200);
      assert.equal(responses.filter(({ isReplayed }) => !isReplayed).length, 200);
    });

    test("let a repeat at the other instance wait for the running request", async () => {
      const { a, b } = await startBoth();
      const key = randomUUID();
      /** @type {() => void} */
      let finish = () => {};
      cloud.respond = ({ outgoing }) => {
        finish = () => json(outgoing, { success: true, result: "ä".repeat(200_000) });
      };
      const first = execute(a, { key });
      await cloud.received(1);
      const repeats = [execute(b, { key }), execute(a, { key })];
      assert.equal((await execute(b, { key, body: "[]" })).status, 422);
      finish();
      for (const response of [await first, ...(await Promise.all(repeats))])
        assert.deepEqual([response.status, response.result], [200, "ä".repeat(200_000)]);
      assert.equal(cloud.runs.length, 1);
    });

    test("free a key whose request was rejected", async () => {
      const { a, b } = await startBoth();
      const key = randomUUID();
      cloud.respond = ({ outgoing }) => json(outgoing, { detail: "slow down" }, 429);
      assert.equal((await execute(a, { key })).status, 429);
      cloud.respond = ({ outgoing }) => json(outgoing, { success: true, result: "ran" });
      assert.deepEqual(await execute(b, { key }), {
        status: 200,
        result: "ran",
        maybeExecuted: undefined,
        isReplayed: false,
      });
    });

    test("never run a key again whose instance was killed during the request", async () => {
      const { a } = await startBoth(SHORT_LEASE);
      const key = randomUUID();
      const done = randomUUID();
      assert.equal((await execute(a, { key: done })).result, 1);
      cloud.respond = () => {};
      const first = execute(a, { key });
      const broken = assert.rejects(first);
      await cloud.received(2);
      const left = await instances.kill();
      await broken;
      cloud.respond = ({ outgoing }) => json(outgoing, { success: true, result: "twice" });
      const lost = { status: 409, result: undefined, maybeExecuted: true, isReplayed: false };
      for (const _ of [1, 2]) assert.deepEqual(await execute(left, { key }), lost);
      assert.deepEqual(
        await Promise.all(Array.from({ length: 20 }, () => execute(left, { key }))),
        Array.from({ length: 20 }, () => lost),
      );
      assert.equal((await execute(left, { key: done })).isReplayed, true);
      assert.equal(cloud.runs.length, 2);
    });

    test("continue when the caller disconnects and retries at the other instance", async () => {
      const { a, b } = await startBoth(SHORT_LEASE);
      const key = randomUUID();
      /** @type {() => void} */
      let finish = () => {};
      cloud.respond = ({ outgoing }) => {
        finish = () => json(outgoing, { success: true, result: "paid" });
      };
      // Reset, not closed: workerd treats a closed connection as a caller that still reads.
      const socket = connect(a, "127.0.0.1");
      const head = `POST ${PATH}/execute HTTP/1.1\r\nHost: a\r\nOrigin: ${ORIGIN}\r\nX-User: a\r\n`;
      const type = `Content-Type: application/json\r\nContent-Length: 2\r\nIdempotency-Key: ${key}\r\n\r\n{}`;
      socket.write(head + type);
      await cloud.received(1);
      socket.resetAndDestroy();
      const second = execute(b, { key });
      // The other instance must have read that the request is running.
      assert.equal((await execute(b, { key, body: "[]" })).status, 422);
      finish();
      const { result, isReplayed } = await second;
      assert.deepEqual([result, isReplayed, cloud.runs.length], ["paid", true, 1]);
    });

    test("delete a key after its TTL", async () => {
      const { a, b } = await startBoth(LONG_LEASE, "500");
      const key = randomUUID();
      await execute(a, { key });
      await until(async () => !(await execute(b, { key })).isReplayed);
      assert.equal(cloud.runs.length, 2);
    });

    test("list an execution at the other instance, for its user only", async () => {
      const { a, b } = await startBoth();
      cloud.respond = ({ body, outgoing }) =>
        json(outgoing, cloud.execute({ result: JSON.parse(body), latencyMs: 1000 }).response);
      await Promise.all(["a", "b"].map((user) => execute(a, { user, body: JSON.stringify({ user }) })));
      const [ofA, ofB, ofC] = await Promise.all(["a", "b", "c"].map((user) => executionsOf(b, user)));
      const ids = [ofA, ofB].flatMap((list) => list?.items.map(({ id }) => id));
      assert.deepEqual([ofA?.totalItems, ofB?.totalItems, ofC?.totalItems], [1, 1, 0]);
      assert.equal(new Set(ids).size, 2);
    });
  });
}

test(
  "an instance that was suspended beyond its lease continues, and nothing runs twice",
  TIMEOUT,
  async (context) => {
    const { a, b, sleep, wake, close } = await onRedis(SHORT_LEASE, DAY);
    context.after(close);
    const key = randomUUID();
    /** @type {() => void} */
    let finish = () => {};
    cloud.respond = ({ outgoing }) => {
      finish = () => json(outgoing, { success: true, result: "paid" });
    };
    const first = execute(a, { key });
    await cloud.received(1);
    sleep();
    for (const _ of [1, 2]) {
      const { status, maybeExecuted } = await execute(b, { key });
      assert.deepEqual([status, maybeExecuted], [409, true]);
    }
    finish();
    wake();
    assert.equal((await first).result, "paid");
    const { result, isReplayed } = await execute(b, { key });
    assert.deepEqual([result, isReplayed, cloud.runs.length], ["paid", true, 1]);
  },
);

describe("a store in Redis", TIMEOUT, () => {
  /** @type {Awaited<ReturnType<typeof startRedis>>} */
  let redis;
  /** @type {ReturnType<typeof connectRedis>} */
  let connection;
  before(async () => {
    redis = await startRedis();
    connection = connectRedis(redis.socket);
  });
  after(async () => {
    connection?.close();
    await redis?.close();
  });

  test("sets, expires and deletes entries", async () => {
    const store = installed.proxies.redisStore(connection.send, { prefix: "mine:" });
    assert.equal(await store.setIfAbsent("a", '"ü\r\n"', 60_000.5), true);
    assert.equal(await store.setIfAbsent("a", "2", 60_000), false);
    assert.equal(await store.get("a"), '"ü\r\n"');
    const left = Number(await connection.send("PTTL", "mine:a"));
    assert.ok(left > 50_000 && left <= 60_001, String(left));
    await store.delete("a", "2");
    assert.equal(await store.get("a"), '"ü\r\n"');
    await store.delete("a", '"ü\r\n"');
    assert.equal(await store.get("a"), null);
    await store.set("a", "3", 1);
    while ((await store.get("a")) !== null);
    assert.equal(await store.setIfAbsent("a", "4", 1000), true);
  });

  test("that does not reply causes a 503, and nothing is sent", async () => {
    const proxy = installed.proxies.createProxy({
      apiKey: "bu_1",
      allow: { operations: ["skills.execute"] },
      origins: [ORIGIN],
      authorize: () => "a",
      baseUrl: cloud.baseUrl,
      idempotency: { store: installed.proxies.redisStore(connection.send), storeTimeout: 50 },
      onError: () => {},
    });
    const key = randomUUID();
    const send = () => {
      const headers = { origin: ORIGIN, "content-type": "application/json", "idempotency-key": key };
      return proxy(new Request(`https://a.example${PATH}/execute`, { method: "POST", headers, body: "{}" }));
    };
    redis.pause();
    assert.deepEqual([(await send()).status, cloud.runs.length], [503, 0]);
    redis.resume();
    // The first request afterwards may still wait for the old replies.
    assert.equal(await connection.send("PING"), "PONG");
    assert.deepEqual([(await send()).status, cloud.runs.length], [200, 1]);
  });

  test("that rejects a command causes a 503, and nothing is sent", async () => {
    const { redisStore } = installed.proxies;
    const store = redisStore(async () => {
      throw new Error("OOM command not allowed when used memory > 'maxmemory'");
    });
    await assert.rejects(async () => store.setIfAbsent("a", "1", 1));
    await assert.rejects(
      async () => redisStore(async () => "QUEUED").set("a", "1", 1),
      /neither OK nor null/,
    );
  });
});
