// @ts-check
/** `maxConcurrent`: executions and creations wait in a queue instead of exceeding the plan's limit. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { failure } from "../lib/failure.mjs";
import { importPackage } from "../lib/package.mjs";

const ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a";

describe("a limit of concurrent executions", () => {
  /** @type {Awaited<ReturnType<typeof importPackage>>} */
  let installed;
  before(async () => {
    installed = await importPackage();
    await installed.library.BrowserUse.load();
  });
  after(() => installed?.remove());

  /** A service that responds when `respond` is called. @param {import("browser-use-skills").BrowserUseOptions} options */
  const begin = (options) => {
    /** @type {Array<(response: Response) => void>} */
    const running = [];
    /** @type {string[]} */
    const sent = [];
    const client = new installed.library.BrowserUse({
      apiKey: "bu_1",
      fetch: (url, { body }) => {
        sent.push(JSON.parse(body ?? "{}").parameters?.n ?? url);
        return new Promise((resolve) => running.push(resolve));
      },
      ...options,
    });
    const run = (/** @type {number} */ n, /** @type {object} */ more = {}) =>
      client.skills.execute(ID, { parameters: { n } }, more);
    const respond = async (/** @type {number} */ count, status = 200, headers = {}) => {
      const body = status === 200 ? { success: true, result: null } : { detail: "Too many sessions" };
      for (const resolve of running.splice(0, count)) {
        resolve(new Response(JSON.stringify(body), { status, headers }));
      }
      await settled();
    };
    return { respond, client, run, running, sent };
  };
  const settled = async () => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };

  test("starts the next call when one ends, in order", async () => {
    const { respond, client, run, sent } = begin({ maxConcurrent: 2 });
    const runs = [1, 2, 3, 4, 5].map((n) => run(n));
    await settled();
    assert.deepEqual([sent, client.pending], [[1, 2], { waiting: 3, running: 2 }]);
    await respond(1);
    assert.deepEqual([sent, client.pending], [[1, 2, 3], { waiting: 2, running: 2 }]);
    await respond(2);
    assert.deepEqual([sent, client.pending], [[1, 2, 3, 4, 5], { waiting: 0, running: 2 }]);
    await respond(2);
    await Promise.all(runs);
    assert.deepEqual(client.pending, { waiting: 0, running: 0 });
  });

  test("applies to creations too, and to no other operation", async () => {
    const { respond, client, run, sent } = begin({ maxConcurrent: 1 });
    const calls = [
      run(1),
      client.skills.create({ goal: "g", agentPrompt: "long enough" }),
      client.skills.get(ID),
    ].map((call) => call.catch(() => {}));
    await settled();
    assert.deepEqual(client.pending, { waiting: 1, running: 1 });
    assert.deepEqual(sent, [1, `https://api.browser-use.com/api/v2/skills/${ID}`]);
    await respond(2);
    await respond(1);
    await Promise.all(calls);
  });

  test("removes calls from the queue on abort or timeout", async () => {
    const { respond, client, run, sent } = begin({ maxConcurrent: 1 });
    const first = run(1);
    const controller = new AbortController();
    const { signal } = controller;
    const aborted = run(2, { signal }).catch((/** @type {unknown} */ reason) => reason);
    const late = await run(3, { totalTimeout: 10 }).catch((/** @type {unknown} */ error) => error);
    const { code, limit, maybeExecuted, retryable, attempts } = /** @type {any} */ (late);
    assert.deepEqual([code, limit, attempts], ["timeout", "totalTimeout", 0]);
    assert.deepEqual([maybeExecuted, retryable], [false, true]);
    controller.abort("enough");
    assert.equal(await aborted, "enough");
    const fourth = run(4);
    await settled();
    assert.deepEqual(client.pending, { waiting: 1, running: 1 });
    await respond(1);
    await respond(1);
    await Promise.all([first, fourth]);
    assert.deepEqual(sent, [1, 4]);
  });

  test("returns a call with status 429 to the front of the queue, and lowers the limit", async () => {
    const { respond, client, run, running, sent } = begin({ maxConcurrent: 4, maxRetries: 0 });
    const runs = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => run(n));
    await settled();
    assert.deepEqual(sent, [1, 2, 3, 4]);
    await respond(1, 429, { "retry-after": "0" });
    while (client.pending.waiting < 5) await settled();
    assert.deepEqual([sent.length, running.length], [4, 3], "three run beside it: there is room for three");
    await respond(1);
    assert.deepEqual(sent, [1, 2, 3, 4, 1]);
    while (client.pending.running > 0) {
      assert.ok(running.length <= 3);
      await respond(1);
    }
    for (const { success } of await Promise.all(runs)) assert.ok(success);
    assert.deepEqual(sent, [1, 2, 3, 4, 1, 5, 6, 7, 8]);
  });

  test("retries a call that keeps getting 429 until its totalTimeout", async () => {
    const { respond, run, running, sent } = begin({ maxConcurrent: 2, maxRetries: 0 });
    const ended = failure(run(1, { totalTimeout: 300 }));
    let isOver = false;
    ended.then(() => {
      isOver = true;
    });
    while (!isOver) {
      if (running.length > 0) await respond(1, 429, { "retry-after": "0" });
      await settled();
    }
    const { status, limit, maybeExecuted, retryable } = await ended;
    assert.deepEqual([maybeExecuted, retryable], [false, true]);
    // The last 429 may arrive after the limit and before its timer.
    assert.ok(limit === "totalTimeout" || status === 429);
    assert.ok(sent.length > 2, `${sent.length} requests`);
  });

  test("is off by default, and must be an integer from 1", async () => {
    const { respond, client, run, sent } = begin({});
    assert.deepEqual(client.pending, { waiting: 0, running: 0 });
    const runs = Array.from({ length: 50 }, (_, n) => run(n));
    await settled();
    assert.equal(sent.length, 50);
    assert.deepEqual(client.pending, { waiting: 0, running: 50 });
    await respond(50);
    await Promise.all(runs);
    for (const maxConcurrent of [0, -1, 1.5, Number.NaN, /** @type {any} */ ("2")]) {
      const error = await begin({ maxConcurrent })
        .run(1)
        .catch((/** @type {any} */ error) => error);
      assert.match(error.message, /maxConcurrent/);
    }
  });
});
