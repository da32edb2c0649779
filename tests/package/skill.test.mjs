// @ts-check
/** The handle of a skill, which runs it like a function. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { failure } from "../lib/failure.mjs";
import { importPackage } from "../lib/package.mjs";

const ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a";

describe("the handle of a skill", () => {
  /** @type {Awaited<ReturnType<typeof importPackage>>} */
  let installed;
  /** @type {typeof installed.library} */
  let library;
  before(async () => {
    installed = await importPackage();
    ({ library } = installed);
  });
  after(() => installed?.remove());

  /** Creates a client of a service with these responses, and records the requests. @param {unknown} run @param {unknown[]} parameters */
  const begin = (run, parameters = [{ name: "limit", type: "number" }]) => {
    /** @type {string[]} */
    const requests = [];
    const times = { createdAt: "2026-01-01T00:00:00Z", updatedAt: "2026-01-01T00:00:00Z" };
    const rest = { title: "t", description: "d", categories: [], domains: [], outputSchema: {}, ...times };
    const skill = {
      id: ID,
      ...rest,
      status: "finished",
      isEnabled: true,
      isPublic: false,
      currentVersion: 1,
      parameters,
    };
    const client = new library.BrowserUse({
      apiKey: "bu_1",
      fetch: async (_, { method, body }) => {
        requests.push(`${method} ${body ?? ""}`.trim());
        return new Response(JSON.stringify(method === "GET" ? skill : run));
      },
    });
    return { requests, client, skill };
  };

  test("returns the output, and requests the skill's parameters once", async () => {
    const { requests, client } = begin({ success: true, result: [1, 2] });
    const handle = client.skill(ID);
    assert.deepEqual(await handle.run({ limit: 2 }), [1, 2]);
    await handle.run({ limit: 3 });
    assert.deepEqual(requests, ["GET", 'POST {"parameters":{"limit":2}}', 'POST {"parameters":{"limit":3}}']);
  });

  test("uses the headers and maxRetries of a run for both requests", async () => {
    /** @type {string[]} */
    const requests = [];
    const client = new library.BrowserUse({
      apiKey: "bu_1",
      fetch: async (_, { method, headers }) => {
        requests.push(`${method} ${headers["x-user"]}`);
        return new Response("{}", { status: 503 });
      },
    });
    await failure(client.skill(ID).run({}, { headers: { "x-user": "u1" }, maxRetries: 0, retry: "always" }));
    assert.deepEqual(requests, ["GET u1"]);
  });

  test("rejects invalid parameters before the paid request", async () => {
    const { requests, client } = begin({ success: true });
    const error = await failure(client.skill(ID).run({ limitt: "2" }));
    assert.equal(error.code, "invalid_request");
    assert.deepEqual(
      error.issues.map((/** @type {any} */ issue) => issue.path),
      ["parameters.limit", "parameters.limitt"],
    );
    assert.match(error.issues[1].msg, /did you mean "limit"/);
    assert.deepEqual(requests, ["GET"]);
  });

  test("requests the skill again when a new version may have other parameters", async () => {
    const { requests, client, skill } = begin({ success: true, result: null });
    const handle = client.skill(ID);
    await handle.run({ limit: 2 });
    skill.parameters = [{ name: "count", type: "number" }];
    assert.equal(await handle.run({ count: 2 }), null);
    assert.deepEqual(requests.slice(2), ["GET", 'POST {"parameters":{"count":2}}']);
  });

  test("of a loaded skill sends only the run", async () => {
    const { requests, client } = begin({ success: true, result: [1] });
    const loaded = await client.skills.get(ID);
    const handle = client.skill(loaded);
    assert.equal(handle.id, ID);
    assert.deepEqual(await handle.run({ limit: 2 }), [1]);
    assert.deepEqual(requests, ["GET", 'POST {"parameters":{"limit":2}}']);
  });

  test("of a loaded skill requests the newest version once before it rejects", async () => {
    const { requests, client, skill } = begin({ success: true, result: null });
    const loaded = await client.skills.get(ID);
    requests.length = 0;
    const refused = await failure(client.skill(loaded).run({ count: 2 }));
    assert.equal(refused.code, "invalid_request");
    assert.deepEqual(requests, ["GET"]);
    skill.parameters = [{ name: "count", type: "number" }];
    const handle = client.skill(loaded);
    await handle.run({ count: 2 });
    await handle.run({ count: 3 });
    const runs = ['POST {"parameters":{"count":2}}', 'POST {"parameters":{"count":3}}'];
    assert.deepEqual(requests.slice(1), ["GET", ...runs]);
  });

  test("unwraps an output in exactly the documented form, unless unwrap is false", async () => {
    const wrapped = { success: true, data: { a: 1 }, error: null };
    const { client } = begin({ success: true, result: wrapped });
    assert.deepEqual(await client.skill(ID).run({ limit: 1 }), { a: 1 });
    assert.deepEqual(await client.skill(ID, { unwrap: false }).run({ limit: 1 }), wrapped);
    for (const result of [
      { success: true, data: 1, more: 2 },
      { success: "yes", data: 1 },
      { success: true },
      [],
      null,
    ]) {
      assert.deepEqual(await begin({ success: true, result }).client.skill(ID).run({ limit: 1 }), result);
    }
  });

  test("throws if the skill failed, outside or inside of the wrapper", async () => {
    const outside = begin({ success: false, error: "no such page", stderr: "trace", latencyMs: 7 });
    const error = await failure(outside.client.skill(ID).run({ limit: 1 }));
    assert.ok(error instanceof library.SkillExecutionError);
    assert.deepEqual([error.executionError, error.stderr, error.latencyMs], ["no such page", "trace", 7]);
    const inside = begin({ success: true, result: { success: false, data: null, error: "blocked" } });
    assert.equal((await failure(inside.client.skill(ID).run({ limit: 1 }))).executionError, "blocked");
  });

  test("parses the output with a schema", async () => {
    const { client } = begin({ success: true, result: ["a"] });
    /** @param {unknown} value */
    const validate = async (value) =>
      Array.isArray(value) && value.length === 1 ? { value: value[0] } : { issues: [{ message: "not one" }] };
    const schema = { "~standard": { version: /** @type {const} */ (1), vendor: "test", validate } };
    assert.equal(await client.skill(ID, { schema }).run({ limit: 1 }), "a");
    const other = begin({ success: true, result: [] });
    const error = await failure(other.client.skill(ID, { schema }).run({ limit: 1 }));
    assert.equal(error.code, "response");
    assert.match(error.message, /not one/);
  });
});
