// @ts-check
/** The events of calls, the changes of `pending`, and the key, which no output contains. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { inspect } from "node:util";
import { importPackage } from "../lib/package.mjs";

const ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
const CANARY = "bu_canary_0815";

describe("the events of a client", () => {
  /** @type {Awaited<ReturnType<typeof importPackage>>} */
  let installed;
  before(async () => {
    installed = await importPackage();
  });
  after(() => installed?.remove());

  /** @param {Array<() => Response | Promise<Response>>} responses - In order; the last one repeats. */
  const begin = (responses, options = {}) => {
    /** @type {any[]} */
    const events = [];
    let next = 0;
    const client = new installed.library.BrowserUse({
      apiKey: CANARY,
      fetch: async () => {
        const respond = responses[Math.min(next, responses.length - 1)];
        next += 1;
        return /** @type {() => Response} */ (respond)();
      },
      onEvent: (/** @type {unknown} */ event) => events.push(event),
      ...options,
    });
    return { client, events };
  };
  const busy = () => new Response("{}", { status: 429, headers: { "retry-after": "0" } });
  const gone = () => new Response(JSON.stringify({ detail: `no such ${CANARY}` }), { status: 404 });
  const run = () =>
    new Response(JSON.stringify({ success: true, result: 1 }), { headers: { "x-echo": CANARY } });

  /** Removes what differs between runs. @param {any[]} events */
  const stable = (events) =>
    events.map(({ duration, callId, operation, ...rest }) => {
      if (duration !== undefined) assert.ok(duration >= 0);
      assert.equal(typeof callId, "number");
      assert.equal(operation, "skills.execute");
      return rest;
    });

  test("include each request, response, retry and failure", async () => {
    const { client, events } = begin([busy, gone]);
    const error = await client.skills.execute(ID).catch((/** @type {any} */ error) => error);
    assert.deepEqual(stable(events), [
      { type: "callStarted" },
      { type: "requestSent", attempt: 1 },
      { type: "responseReceived", attempt: 1, status: 429 },
      { type: "retryPlanned", attempt: 1, status: 429, code: "rate_limit", delay: 0 },
      { type: "requestSent", attempt: 2 },
      { type: "responseReceived", attempt: 2, status: 404 },
      { type: "callFailed", attempts: 2, status: 404, code: "skill_not_found" },
    ]);
    assert.deepEqual(new Set(events.map(({ callId }) => callId)), new Set([error.callId]));
  });

  test("identify concurrent calls, whether they succeed, are aborted or are refused", async () => {
    const { client, events } = begin([run]);
    const responses = await Promise.all([1, 2].map(() => client.skills.execute(ID).withResponse()));
    const [first, second] = responses.map(({ callId }) => callId);
    assert.notEqual(first, second);
    for (const callId of [first, second]) {
      assert.deepEqual(stable(events.filter((event) => event.callId === callId)), [
        { type: "callStarted" },
        { type: "requestSent", attempt: 1 },
        { type: "responseReceived", attempt: 1, status: 200 },
        { type: "callSucceeded", attempts: 1, status: 200 },
      ]);
    }
    for (const [call, code] of /** @type {const} */ ([
      [() => client.skills.get(ID, { signal: AbortSignal.abort() }), "aborted"],
      [() => client.skills.get("no uuid"), "invalid_request"],
    ])) {
      events.length = 0;
      await assert.rejects(call());
      assert.equal(events[0].type, "callStarted");
      assert.equal(events.at(-1).type, "callFailed");
      assert.equal(events.at(-1).code, code);
      assert.equal(new Set(events.map(({ callId }) => callId)).size, 1);
    }
  });

  test("of one call go to its own listener, also if its input is refused", async () => {
    const { client, events } = begin([run]);
    /** @type {string[]} */
    const own = [];
    const onEvent = (/** @type {import("browser-use-skills").CallEvent} */ { type }) => own.push(type);
    await Promise.all([client.skills.execute(ID, {}, { onEvent }), client.skills.execute(ID)]);
    assert.deepEqual(own, ["callStarted", "requestSent", "responseReceived", "callSucceeded"]);
    assert.equal(events.length, 8);
    own.length = 0;
    await assert.rejects(client.skills.get("no uuid", { onEvent }));
    await assert.rejects(client.skills.get(ID, { onEvent, timeout: -1 }));
    assert.deepEqual(own, ["callStarted", "callFailed", "callStarted", "callFailed"]);
  });

  test("say that a call is queued, and `subscribe` reports the changes of `pending`", async () => {
    const { client, events } = begin([run], { maxConcurrent: 1 });
    /** @type {unknown[]} */
    const reported = [];
    const stop = client.subscribe(() => {
      assert.equal(client.pending, client.pending, "the object is replaced only when the numbers change");
      reported.push(client.pending);
    });
    await Promise.all([client.skills.execute(ID), client.skills.execute(ID)]);
    assert.deepEqual(
      events
        .filter(({ type }) => type === "waitingForSlot")
        .map(({ waiting, running }) => [waiting, running]),
      [[1, 1]],
    );
    assert.deepEqual(reported, [
      { waiting: 0, running: 1 },
      { waiting: 1, running: 1 },
      { waiting: 0, running: 1 },
      { waiting: 0, running: 0 },
    ]);
    stop();
    await client.skills.execute(ID);
    assert.equal(reported.length, 4);
  });

  test("say that the response of an execution was lost", async () => {
    const executionId = "5c90c3cc-0d44-4b50-8888-8dd25736052a";
    let executed = false;
    const at = new Date().toISOString();
    const item = {
      id: executionId,
      status: "completed",
      success: true,
      latencyMs: 5,
      startedAt: at,
      finishedAt: at,
    };
    const respond = async (/** @type {string} */ url) => {
      if (url.endsWith("/execute")) {
        executed = true;
        throw new TypeError("Failed to fetch");
      }
      const items = executed ? [item] : [];
      return Response.json({ items, totalItems: items.length, pageNumber: 1, pageSize: 100 });
    };
    const { client } = begin([], { fetch: respond });
    /** @type {any[]} */
    const own = [];
    const onEvent = (/** @type {unknown} */ event) => own.push(event);
    const execution = await client.skills.execute(ID, {}, { recover: true, maxRetries: 0, onEvent });
    assert.equal(execution.executionId, executionId);
    assert.deepEqual(stable(own), [
      { type: "callStarted" },
      { type: "requestSent", attempt: 1 },
      { type: "recoveryStarted", attempts: 1, code: "network" },
      { type: "callSucceeded", attempts: 1, status: 200 },
    ]);
  });

  test("do not break a call when a listener throws", async () => {
    const fail = () => {
      throw new Error("mine");
    };
    const failLater = async () => fail();
    for (const onEvent of [fail, failLater]) {
      const { client } = begin([busy, run], { onEvent });
      client.subscribe(fail);
      assert.equal((await client.skills.execute(ID, {}, { onEvent })).success, true);
      await client.skills.get("no uuid").catch((error) => assert.equal(error.code, "invalid_request"));
    }
    const wrong = begin([run], { onEvent: "no function" });
    await assert.rejects(wrong.client.skills.get(ID), /onEvent/);
  });

  test("and `withResponse` redact each attempt's own key, although a newer one is in use", async () => {
    let next = 0;
    const { client } = begin([() => Response.json({ success: true, result: 1 })], {
      apiKey: () => `bu_canary_${next++}`,
      fetch: async (/** @type {string} */ _, /** @type {any} */ { headers }) =>
        new Response(JSON.stringify({ success: true, result: 1 }), {
          headers: { "x-echo": headers["X-Browser-Use-API-Key"] },
        }),
    });
    const first = client.skills.execute(ID);
    await first;
    await client.skills.execute(ID);
    assert.equal((await first.withResponse()).headers["x-echo"], "[redacted]");
  });

  test("never contain the key, and neither does any other output", async () => {
    /** @type {unknown[]} */
    const logged = [];
    const methods = /** @type {const} */ (["log", "info", "warn", "error", "debug"]);
    const originals = methods.map((method) => console[method]);
    for (const method of methods) console[method] = (...parts) => logged.push(...parts);
    const said = [];
    const echo = (/** @type {number} */ status) => () =>
      new Response(
        JSON.stringify({ detail: [{ loc: ["header"], msg: CANARY, input: CANARY }], key: CANARY }),
        {
          status,
          headers: { "x-echo": CANARY },
        },
      );
    const worlds = {
      success: run,
      refused: gone,
      invalid: echo(422),
      unauthenticated: echo(401),
      broken: () => new Response(`<html>${CANARY}`),
      wrong: () => new Response(JSON.stringify({ success: CANARY, [CANARY]: 1 })),
      lost: () => Promise.reject(new TypeError("Failed to fetch")),
      failing: echo(500),
      unknown: echo(418),
    };
    try {
      for (const [name, respond, apiKey] of Object.entries(worlds).flatMap(([name, respond]) => [
        /** @type {const} */ ([name, respond, CANARY]),
        /** @type {const} */ ([`${name}, from a function`, respond, async () => CANARY]),
      ])) {
        /** @type {Map<string, string>} */
        const journal = new Map();
        const { client, events } = begin([respond], { apiKey, journal, maxRetries: 1 });
        const calls = [
          client.skills.execute(ID, { parameters: { limit: 1 } }).withResponse(),
          client.skills.execute(ID, {}, { recover: { grace: 0 }, maxRetries: 0 }),
          client.skills.get(ID, { timeout: 5 }),
          client.skills.get("no uuid"),
          client.skills.createAndWait({ goal: "g", agentPrompt: "long enough" }),
          client.skill(ID).run({}),
        ];
        for (const { status, value, reason } of /** @type {any[]} */ (await Promise.allSettled(calls))) {
          const { stack, body, text, headers, cause, detail } = reason ?? {};
          said.push([name, status, value, reason, stack, body, text, headers, cause, detail]);
        }
        said.push([name, events, client, [...journal]]);
        client.free();
      }
    } finally {
      methods.forEach((method, index) => {
        console[method] = /** @type {any} */ (originals[index]);
      });
    }
    assert.ok(said.length > 100 && said.flat().some((part) => part instanceof Error));
    for (const part of [...said, logged]) {
      const everything = inspect(part, { depth: 20, showHidden: true, getters: true }) + stringify(part);
      assert.ok(!everything.includes("canary_0815"), everything);
    }
  });
});

/** @param {unknown} value */
function stringify(value) {
  const seen = new WeakSet();
  return JSON.stringify(value, (_, part) => {
    if (typeof part !== "object" || part === null) return part;
    if (seen.has(part)) return undefined;
    seen.add(part);
    return part;
  });
}
