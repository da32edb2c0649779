// @ts-check
/** The events that listeners receive, and the key, which no output contains. */
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
    /** @type {Array<[string, any]>} */
    const events = [];
    const listen = (/** @type {string} */ name) => (/** @type {unknown} */ event) => {
      events.push([name, event]);
    };
    let next = 0;
    const client = new installed.library.BrowserUse({
      apiKey: CANARY,
      fetch: async () => {
        const respond = responses[Math.min(next, responses.length - 1)];
        next += 1;
        return /** @type {() => Response} */ (respond)();
      },
      onRequest: listen("request"),
      onResponse: listen("response"),
      onRetry: listen("retry"),
      onError: listen("error"),
      ...options,
    });
    return { client, events };
  };
  const busy = () => new Response("{}", { status: 429, headers: { "retry-after": "0" } });
  const gone = () => new Response(JSON.stringify({ detail: `no such ${CANARY}` }), { status: 404 });
  const run = () =>
    new Response(JSON.stringify({ success: true, result: 1 }), { headers: { "x-echo": CANARY } });

  test("include each request, response, retry and failure", async () => {
    const { client, events } = begin([busy, gone]);
    await client.skills.execute(ID).catch(() => {});
    for (const [, event] of events) {
      if ("duration" in event) assert.ok(event.duration >= 0);
      delete event.duration;
    }
    const operation = "skills.execute";
    assert.deepEqual(events, [
      ["request", { call: 1, operation, attempt: 1 }],
      ["response", { call: 1, operation, attempt: 1, status: 429 }],
      ["retry", { call: 1, operation, attempt: 1, status: 429, code: "rate_limit", delay: 0 }],
      ["request", { call: 1, operation, attempt: 2 }],
      ["response", { call: 1, operation, attempt: 2, status: 404 }],
      ["error", { call: 1, operation, attempts: 2, status: 404, code: "skill_not_found" }],
    ]);
  });

  test("number concurrent calls, and include aborts", async () => {
    const { client, events } = begin([run]);
    await Promise.all([client.skills.execute(ID), client.skills.execute(ID)]);
    assert.deepEqual(new Set(events.map(([, { call }]) => call)), new Set([1, 2]));
    await client.skills.get(ID, { signal: AbortSignal.abort() }).catch(() => {});
    assert.equal(events.at(-1)?.[1].code, "aborted");
    await client.skills.get("no uuid").catch(() => {});
    assert.equal(events.at(-1)?.[1].code, "invalid_request");
  });

  test("do not break a call when a listener throws", async () => {
    const fail = () => {
      throw new Error("mine");
    };
    const failLater = async () => fail();
    for (const listener of [fail, failLater]) {
      const { client } = begin([busy, run], {
        onRequest: listener,
        onResponse: listener,
        onRetry: listener,
        onError: listener,
      });
      assert.equal((await client.skills.execute(ID)).success, true);
      await client.skills.get("no uuid").catch((error) => assert.equal(error.code, "invalid_request"));
    }
    const wrong = begin([run], { onRetry: "no function" });
    await assert.rejects(wrong.client.skills.get(ID), /onRetry/);
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
