// @ts-check
/** Idempotency keys while the store fails or loses entries, and the store in memory. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { json } from "../lib/cloud.mjs";
import { cloud, gate, installed, makeProxy, send, startClouds, TIMEOUT } from "../lib/idempotency.mjs";

/** @typedef {import("../lib/idempotency.mjs").ProxyStore} ProxyStore */

startClouds();

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
