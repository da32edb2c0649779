// @ts-check
/** The client with idempotency keys, through the proxy of the package, on a network that loses requests and responses. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { failure } from "../lib/failure.mjs";
import { importPackage } from "../lib/package.mjs";

const ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
const ORIGIN = "https://app.example.com";

describe("a client with idempotency keys", () => {
  /** @type {Awaited<ReturnType<typeof importPackage>>} */
  let installed;
  before(async () => {
    installed = await importPackage();
  });
  after(() => installed?.remove());

  /**
   * Creates a cloud that counts executions, a proxy in front of it, and a network between client and proxy.
   *
   * @param {(send: () => Promise<Response>, count: number) => Promise<Response>} network
   * @param {import("browser-use-skills").BrowserUseOptions} [options]
   */
  const begin = (network, options) => {
    /** @type {unknown[]} */
    const executed = [];
    let requests = 0;
    const proxy = installed.proxies.createProxy({
      apiKey: "bu_1",
      allow: { operations: ["skills.execute"] },
      origins: [ORIGIN],
      authorize: () => "a user",
      idempotency: true,
      onError: () => {},
      fetch: async (_url, init) => {
        const { n } = JSON.parse(new TextDecoder().decode(/** @type {any} */ (init.body))).parameters;
        executed.push(n);
        return Response.json({ success: true, result: n, latencyMs: 1 });
      },
    });
    const connect = () =>
      new installed.library.BrowserUse({
        baseUrl: `${ORIGIN}/api/browser-use`,
        idempotency: true,
        fetch: (url, init) => {
          requests += 1;
          const request = new Request(url, { ...init, headers: { ...init.headers, origin: ORIGIN } });
          return network(() => proxy(request), requests);
        },
        ...options,
      });
    return { client: connect(), connect, executed };
  };
  const lose = () => Promise.reject(new TypeError("Failed to fetch"));

  test("runs each of 200 executions once, although requests and responses are lost", async () => {
    let lost = { before: 0, after: 0 };
    const { client, executed } = begin(async (send, count) => {
      if (count % 5 === 1) {
        lost = { ...lost, before: lost.before + 1 };
        return lose();
      }
      const response = await send();
      if (count % 3 !== 0) return response;
      lost = { ...lost, after: lost.after + 1 };
      return lose();
    });
    const numbers = Array.from({ length: 200 }, (_, n) => n);
    const runs = numbers.map((n) =>
      client.skills.execute(ID, { parameters: { n } }, { maxRetries: 20, recover: true }),
    );
    const results = await Promise.all(runs);
    assert.deepEqual(
      results.map(({ result }) => result),
      numbers,
    );
    assert.equal(executed.length, 200);
    assert.ok(lost.before > 20 && lost.after > 20, JSON.stringify(lost));
  });

  describe("after a reload", () => {
    const memory = () => {
      /** @type {Map<string, string>} */
      const kept = new Map();
      return {
        kept,
        get: (/** @type {string} */ key) => kept.get(key),
        set: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
        delete: (/** @type {string} */ key) => kept.delete(key),
      };
    };

    test("gets the stored response from the proxy, without sending the body again", async () => {
      const journal = memory();
      let isLost = true;
      const { client, connect, executed } = begin(
        async (send) => {
          const response = await send();
          return isLost ? lose() : response;
        },
        { journal, maxRetries: 0 },
      );
      const error = await failure(
        client.skills.execute(ID, { parameters: { n: 7 } }, { recover: { tag: "mine" } }),
      );
      assert.deepEqual([error.code, error.maybeExecuted], ["network", true]);
      isLost = false;
      const [resumed, ...others] = await connect().resume();
      assert.deepEqual([others.length, resumed?.tag], [0, "mine"]);
      assert.equal((await resumed?.result)?.result, 7);
      await resumed?.acknowledge();
      assert.deepEqual([executed, journal.kept.size], [[7], 0]);
    });

    test("reports with certainty that a request never arrived", async () => {
      const journal = memory();
      let isLost = true;
      const { client, connect, executed } = begin((send) => (isLost ? lose() : send()), {
        journal,
        maxRetries: 0,
      });
      await failure(client.skills.execute(ID, { parameters: { n: 7 } }, { recover: true }));
      isLost = false;
      const [resumed] = await connect().resume();
      const error = await failure(/** @type {Promise<unknown>} */ (resumed?.result));
      assert.deepEqual([error.maybeExecuted, error.retryable], [false, true]);
      assert.deepEqual([executed, journal.kept.size], [[], 0]);
    });
  });
});
