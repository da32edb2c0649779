// @ts-check
/** One skill, run like a function. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { failure } from "./lib/failure.mjs";
import { importPackage } from "./lib/package.mjs";

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

  /** What the service answers, and what it was asked. @param {unknown} run @param {unknown[]} parameters */
  const begin = (run, parameters = [{ name: "limit", type: "number" }]) => {
    /** @type {string[]} */
    const asked = [];
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
        asked.push(`${method} ${body ?? ""}`.trim());
        return new Response(JSON.stringify(method === "GET" ? skill : run));
      },
    });
    return { asked, client, skill };
  };

  test("gives the output, and asks what the skill takes once", async () => {
    const { asked, client } = begin({ success: true, result: [1, 2] });
    const handle = client.skill(ID);
    assert.deepEqual(await handle.run({ limit: 2 }), [1, 2]);
    await handle.run({ limit: 3 });
    assert.deepEqual(asked, ["GET", 'POST {"parameters":{"limit":2}}', 'POST {"parameters":{"limit":3}}']);
  });

  test("sends the headers of a run with both requests, and retries both as often as it says", async () => {
    /** @type {string[]} */
    const asked = [];
    const client = new library.BrowserUse({
      apiKey: "bu_1",
      fetch: async (_, { method, headers }) => {
        asked.push(`${method} ${headers["x-user"]}`);
        return new Response("{}", { status: 503 });
      },
    });
    await failure(client.skill(ID).run({}, { headers: { "x-user": "u1" }, maxRetries: 0, retry: "always" }));
    assert.deepEqual(asked, ["GET u1"]);
  });

  test("refuses what the skill does not take before anything is spent", async () => {
    const { asked, client } = begin({ success: true });
    const error = await failure(client.skill(ID).run({ limitt: "2" }));
    assert.equal(error.code, "invalid_request");
    assert.deepEqual(
      error.issues.map((/** @type {any} */ issue) => issue.path),
      ["parameters.limit", "parameters.limitt"],
    );
    assert.match(error.issues[1].msg, /did you mean "limit"/);
    assert.deepEqual(asked, ["GET"]);
  });

  test("looks again when a new version may take other parameters", async () => {
    const { asked, client, skill } = begin({ success: true, result: null });
    const handle = client.skill(ID);
    await handle.run({ limit: 2 });
    skill.parameters = [{ name: "count", type: "number" }];
    assert.equal(await handle.run({ count: 2 }), null);
    assert.deepEqual(asked.slice(2), ["GET", 'POST {"parameters":{"count":2}}']);
  });

  test("of a skill that was loaded before sends nothing but the run", async () => {
    const { asked, client } = begin({ success: true, result: [1] });
    const loaded = await client.skills.get(ID);
    const handle = client.skill(loaded);
    assert.equal(handle.id, ID);
    assert.deepEqual(await handle.run({ limit: 2 }), [1]);
    assert.deepEqual(asked, ["GET", 'POST {"parameters":{"limit":2}}']);
  });

  test("of a skill that was loaded before gets the newest version once before it refuses", async () => {
    const { asked, client, skill } = begin({ success: true, result: null });
    const loaded = await client.skills.get(ID);
    asked.length = 0;
    const refused = await failure(client.skill(loaded).run({ count: 2 }));
    assert.equal(refused.code, "invalid_request");
    assert.deepEqual(asked, ["GET"]);
    skill.parameters = [{ name: "count", type: "number" }];
    const handle = client.skill(loaded);
    await handle.run({ count: 2 });
    await handle.run({ count: 3 });
    const runs = ['POST {"parameters":{"count":2}}', 'POST {"parameters":{"count":3}}'];
    assert.deepEqual(asked.slice(1), ["GET", ...runs]);
  });

  test("takes the output out of its wrapping, exactly that, unless told not to", async () => {
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

  test("throws when the skill failed, outside or inside its wrapping", async () => {
    const outside = begin({ success: false, error: "no such page", stderr: "trace", latencyMs: 7 });
    const error = await failure(outside.client.skill(ID).run({ limit: 1 }));
    assert.ok(error instanceof library.SkillExecutionError);
    assert.deepEqual([error.executionError, error.stderr, error.latencyMs], ["no such page", "trace", 7]);
    const inside = begin({ success: true, result: { success: false, data: null, error: "blocked" } });
    assert.equal((await failure(inside.client.skill(ID).run({ limit: 1 }))).executionError, "blocked");
  });

  test("hands the output through a schema", async () => {
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
