// @ts-check
/** Guarantees of a client besides recovery: one test for each defect that a review found. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { failure } from "../lib/failure.mjs";
import { importPackage } from "../lib/package.mjs";

const ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
const RUN = { success: true, result: 1 };
const SKILL = {
  id: ID,
  title: "t",
  description: "d",
  categories: [],
  domains: [],
  outputSchema: {},
  parameters: [],
  status: "finished",
  isEnabled: true,
  isPublic: false,
  currentVersion: 1,
  createdAt: "2026-01-01T00:00:00Z",
  updatedAt: "2026-01-01T00:00:00Z",
};

describe("a client", () => {
  /** @type {Awaited<ReturnType<typeof importPackage>>} */
  let installed;
  before(async () => {
    installed = await importPackage();
    await installed.library.BrowserUse.load();
  });
  after(() => installed?.remove());

  /**
   * Creates a client of a server with these responses, and records the requests.
   *
   * @param {(method: string) => unknown} respond - Returns a body or a `Response`.
   * @param {import("browser-use-skills").BrowserUseOptions} [options]
   */
  const begin = (respond, options) => {
    /** @type {Array<{ url: string, init: any }>} */
    const sent = [];
    const client = new installed.library.BrowserUse({
      apiKey: "bu_1",
      fetch: async (url, init) => {
        sent.push({ url, init });
        const body = await respond(init.method);
        return body instanceof Response ? body : new Response(JSON.stringify(body));
      },
      ...options,
    });
    return { client, sent };
  };

  test("does not retry after totalTimeout, even if the timer fires early", async (context) => {
    const { client, sent } = begin(() => new Promise(() => {}));
    const { setTimeout } = globalThis;
    context.mock.method(globalThis, "setTimeout", (/** @type {() => void} */ end) => setTimeout(end, 0));
    const error = await failure(client.skills.list({}, { totalTimeout: 20_000 }));
    assert.deepEqual([error.limit, error.attempts, sent.length], ["totalTimeout", 1, 1]);
  });

  describe("can be freed while it is in use", () => {
    /** @type {Record<string, (free: () => void) => import("browser-use-skills").BrowserUseOptions>} */
    const places = {
      "a listener": (free) => ({ onEvent: free }),
      "the key function": (free) => ({
        apiKey: () => {
          free();
          return "bu_1";
        },
      }),
      "a custom fetch": (free) => ({
        fetch: async () => {
          free();
          return new Response(JSON.stringify(RUN));
        },
      }),
    };
    for (const [place, options] of Object.entries(places)) {
      test(`in ${place}`, async () => {
        let freed = 0;
        const { client } = begin(() => RUN, {
          maxConcurrent: 1,
          ...options(() => {
            freed += 1;
            client.free();
          }),
        });
        const runs = await Promise.all([1, 2, 3].map(() => client.skills.execute(ID)));
        assert.deepEqual(
          runs.map(({ result }) => result),
          [1, 1, 1],
        );
        assert.ok(freed >= 3);
        assert.equal((await client.skills.execute(ID)).success, true);
      });
    }

    test("in a getter and in toJSON of the parameters", async () => {
      let freed = 0;
      const { client, sent } = begin(() => RUN, { maxConcurrent: 1 });
      const free = () => {
        freed += 1;
        client.free();
      };
      const hostile = {
        get limit() {
          free();
          return 1;
        },
        date: {
          toJSON() {
            free();
            return "today";
          },
        },
      };
      const runs = [1, 2].map(() => client.skills.execute(ID, { parameters: hostile }));
      for (const { success } of await Promise.all(runs)) assert.ok(success);
      assert.ok(freed >= 4);
      assert.deepEqual(JSON.parse(sent[0]?.init.body).parameters, { limit: 1, date: "today" });
    });
  });

  test("passes undeclared fields, nulls and statuses through if it does not use them", async () => {
    const later = { ...SKILL, title: null, mood: "new", status: "archived", categories: ["of later"] };
    const { client } = begin(() => later);
    assert.deepEqual(await client.skills.get(ID), later);
  });

  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    test(`rejects a parameter that is ${value} before the paid request`, async () => {
      const { client, sent } = begin(() => RUN);
      for (const parameters of [{ limit: value }, { deep: [{ limit: value }] }]) {
        const error = await failure(client.skills.execute(ID, { parameters }));
        assert.deepEqual([error.code, error.maybeExecuted], ["invalid_request", false]);
        assert.match(error.message, /limit/);
      }
      assert.equal(sent.length, 0);
    });
  }

  test("lists at most ten of 40,000 issues in a message", async () => {
    const detail = Array.from({ length: 40_000 }, (_, index) => ({
      loc: ["body", "categories", index],
      msg: `wrong ${index}`,
      type: "value_error",
    }));
    const { client } = begin(() => new Response(JSON.stringify({ detail }), { status: 422 }));
    const error = await failure(client.skills.execute(ID));
    assert.equal(error.code, "validation");
    assert.equal(error.message.match(/wrong \d+/g).length, 10);
    assert.ok(error.issues.length <= 1_000);
  });

  test("rejects if a getter throws, and does not throw", async () => {
    const { client, sent } = begin(() => RUN);
    const thrown = () => {
      throw new Error("mine");
    };
    /** @param {string} name @returns {any} */
    const throwing = (name) => Object.defineProperty({}, name, { get: thrown, enumerable: true });
    const { skills } = client;
    const calls = [
      () => skills.execute(ID, throwing("parameters")),
      () => skills.execute(ID, { parameters: throwing("limit") }),
      () => skills.execute(ID, {}, throwing("signal")),
      () => skills.execute(ID, {}, throwing("totalTimeout")),
      () => skills.execute(ID, {}, throwing("recover")),
      () => skills.execute(ID, {}, { headers: throwing("x-user") }),
      () => skills.createAndWait(throwing("goal")),
      () => skills.createAndWait({ goal: "g", agentPrompt: "long enough" }, throwing("onCreated")),
      () => skills.waitUntilFinished(ID, throwing("waitTimeout")),
      () => client.skill(ID).run(throwing("limit")),
      () => client.resume(throwing("signal")),
    ];
    for (const call of calls) {
      /** @type {any} */
      let promise;
      assert.doesNotThrow(() => {
        promise = call();
        promise.catch(() => {});
      }, String(call));
      // Without a journal there is nothing to resume, so no option is read.
      if (String(call).includes("resume")) assert.deepEqual(await promise, []);
      else await assert.rejects(promise, Error, String(call));
    }
    assert.deepEqual(
      sent.filter(({ init }) => init.method !== "GET"),
      [],
    );
  });

  test("sends own properties as headers, but not inherited ones", async () => {
    const { client, sent } = begin(() => RUN, { headers: Object.create({ "x-inherited": "1" }) });
    const headers = Object.assign(Object.create({ "x-inherited": "2" }), { "x-own": "3" });
    await client.skills.execute(ID, {}, { headers });
    const names = Object.keys(sent[0]?.init.headers).map((name) => name.toLowerCase());
    assert.ok(names.includes("x-own") && !names.includes("x-inherited"), names.join());
  });

  test("reports that a response with status 0 may have executed", async () => {
    const opaque = { status: 0, headers: new Headers(), text: async () => "" };
    const client = new installed.library.BrowserUse({ apiKey: "bu_1", fetch: async () => opaque });
    const error = await failure(client.skills.execute(ID));
    assert.deepEqual([error.maybeExecuted, error.retryable], [true, false]);
  });

  for (const headers of /** @type {Record<string, string>[]} */ ([{}, { "retry-after": "0" }])) {
    test(`does not retry an execution after a 503 ${"retry-after" in headers ? "with" : "without"} Retry-After`, async () => {
      const body = JSON.stringify({ retry_after_seconds: 0 });
      const { client, sent } = begin(() => new Response(body, { status: 503, headers }));
      const error = await failure(client.skills.execute(ID));
      assert.deepEqual([sent.length, error.maybeExecuted, error.retryable], [1, true, false]);
    });
  }

  test("ends a wait at an unknown status that seems final, and names it", async () => {
    const finished = { currentVersionFinishedAt: "2026-01-01T00:00:00Z" };
    const { client } = begin(() => ({ ...SKILL, ...finished, status: "archived" }));
    const error = await failure(client.skills.waitUntilFinished(ID));
    assert.equal(error.code, "skill_generation");
    assert.match(error.message, /archived/);
  });

  test("sends the headers of createAndWait with each of its requests", async () => {
    const { client, sent } = begin((method) =>
      method === "POST" ? new Response(JSON.stringify({ id: ID }), { status: 202 }) : SKILL,
    );
    const wish = { goal: "g", agentPrompt: "long enough" };
    await client.skills.createAndWait(wish, { headers: { "x-user": "7" } });
    assert.deepEqual(
      sent.map(({ init }) => [init.method, init.headers["x-user"]]),
      [
        ["POST", "7"],
        ["GET", "7"],
      ],
    );
  });
});
