// @ts-check
/** Sessions, the account, and `maxConcurrent: "plan"`. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { failure } from "../lib/failure.mjs";
import { importPackage } from "../lib/package.mjs";

const ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
const DISPOSE = Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose");

/** @type {Awaited<ReturnType<typeof importPackage>>} */
let installed;
before(async () => {
  installed = await importPackage();
  await installed.library.BrowserUse.load();
});
after(() => installed?.remove());

describe("a session", () => {
  /** @param {import("browser-use-skills/emulator").EmulatorSettings} [settings] */
  const begin = (settings) => {
    const emulator = installed.emulation.createEmulator(settings);
    const client = new installed.library.BrowserUse({
      apiKey: "bu_1",
      fetch: emulator.fetch,
      maxRetries: 0,
    });
    return { emulator, client };
  };

  test("stops when it is disposed of, also if it has ended or was deleted", async () => {
    const { client } = begin();
    const session = await client.sessions.create();
    // @ts-expect-error: the compiler's target has no such symbol.
    const dispose = () => session[DISPOSE]();
    await dispose();
    assert.equal((await client.sessions.get(session.id)).status, "stopped");
    await session.stop();
    await client.sessions.delete(session.id);
    await dispose();
    const error = await failure(client.sessions.stop(session.id));
    assert.equal(error.code, "session_not_found");
  });

  test("is plain data with methods that are not copied", async () => {
    const { client } = begin();
    const creation = client.sessions.create({ persistMemory: false });
    const { data, status } = await creation.withResponse();
    assert.deepEqual([status, data.persistMemory, typeof data.stop], [201, false, "function"]);
    assert.ok(!("stop" in structuredClone(data)) && !("stop" in { ...data }));
  });

  test("whose stop fails rejects", async () => {
    const { client, emulator } = begin();
    const session = await client.sessions.create();
    await emulator.addFault({ kind: "status", status: 500, operation: "sessions.stop" });
    assert.equal((await failure(session.stop())).code, "server");
    await session.stop();
  });

  test("is not created again after its response was lost", async () => {
    const { emulator } = begin();
    const client = new installed.library.BrowserUse({ apiKey: "bu_1", fetch: emulator.fetch });
    await emulator.addFault({ kind: "drop", when: "after", operation: "sessions.create" });
    const error = await failure(client.sessions.create());
    assert.deepEqual([error.code, error.maybeExecuted, error.retryable], ["network", true, false]);
    assert.equal((await client.sessions.list({ filterBy: "active" })).totalItems, 1);
  });

  test("with invalid input is refused before anything is sent", async () => {
    const { client, emulator } = begin();
    for (const invalid of [
      { proxyCountryCode: "usa" },
      { browserScreenWidth: 319 },
      { customProxy: { host: "a", port: 0 } },
      { customProxy: { host: "a" } },
      { unknown: 1 },
    ]) {
      // @ts-expect-error: some are invalid types.
      assert.equal((await failure(client.sessions.create(invalid))).code, "invalid_request");
    }
    const options = { extraBody: { action: "pause" } };
    assert.equal((await failure(client.sessions.stop(ID, options))).code, "invalid_request");
    assert.deepEqual((await emulator.requests()).counts, {});
  });

  test("can be used by executions, until it is stopped", async () => {
    const { client } = begin({ maxSessions: 1 });
    const { items } = await client.skills.list();
    const skillId = items[0]?.id ?? "";
    const session = await client.sessions.create();
    const parameters = { url: "https://example.com" };
    const run = () => client.skills.execute(skillId, { parameters, sessionId: session.id });
    assert.ok((await run()).success);
    assert.equal((await failure(client.skills.execute(skillId, { parameters }))).status, 429);
    await session.stop();
    assert.equal((await failure(run())).status, 400);
    await client.sessions.delete(session.id);
    assert.ok((await failure(run())) instanceof installed.library.SessionNotFoundError);
  });
});

describe("the account", () => {
  test("may have no plan", async () => {
    const account = { totalCreditsBalanceUsd: 1, rateLimit: 3, planInfo: null, projectId: ID };
    const client = new installed.library.BrowserUse({
      apiKey: "bu_1",
      fetch: async () => new Response(JSON.stringify(account)),
    });
    assert.deepEqual(await client.billing.account(), account);
  });
});

describe("the limit of the plan", () => {
  /** A service with these responses to `billing.account`. @param {...(() => Response | Promise<Response>)} accounts */
  const begin = (...accounts) => {
    /** @type {Array<(response: Response) => void>} */
    const running = [];
    /** @type {string[]} */
    const sent = [];
    const client = new installed.library.BrowserUse({
      apiKey: "bu_1",
      maxConcurrent: "plan",
      maxRetries: 0,
      fetch: async (url) => {
        sent.push(url.endsWith("/billing/account") ? "account" : "execute");
        if (url.endsWith("/billing/account")) return accounts.shift()?.() ?? assert.fail("asked again");
        return new Promise((resolve) => running.push(resolve));
      },
    });
    const execute = (/** @type {number} */ count) =>
      Array.from({ length: count }, () => client.skills.execute(ID));
    const respond = async (/** @type {number} */ count, status = 200) => {
      const body = status === 200 ? { success: true } : { detail: "Too many sessions" };
      for (const resolve of running.splice(0, count))
        resolve(new Response(JSON.stringify(body), { status, headers: { "retry-after": "0" } }));
      await settled();
    };
    return { client, sent, running, execute, respond };
  };
  const settled = async () => {
    for (let count = 0; count < 10; count += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const account = (/** @type {unknown} */ rateLimit) =>
    new Response(JSON.stringify({ rateLimit, projectId: ID, planInfo: null }));

  test("is read once, beside the first call, and applied", async () => {
    const { client, sent, execute, respond } = begin(() => account(5));
    const runs = execute(8);
    await settled();
    assert.equal(sent.filter((name) => name === "account").length, 1);
    assert.deepEqual(client.pending, { waiting: 3, running: 5 });
    await respond(8);
    await respond(8);
    await Promise.all(runs);
    assert.deepEqual([...new Set(sent)], ["account", "execute"]);
  });

  test("is lowered by a 429", async () => {
    const { client, execute, respond } = begin(() => account(5));
    const runs = execute(8);
    await settled();
    await respond(1, 429);
    assert.equal(client.pending.running, 4);
    for (let count = 0; count < 8; count += 1) await respond(8);
    await Promise.all(runs);
  });

  test("is 3 if it is forbidden or missing, and is not asked again", async () => {
    for (const response of [
      () => new Response('{"detail":"Forbidden"}', { status: 403 }),
      () => account(undefined),
      () => account("many"),
    ]) {
      const { client, sent, execute, respond } = begin(response);
      const runs = execute(5);
      await settled();
      assert.deepEqual(client.pending, { waiting: 2, running: 3 });
      await respond(5);
      await respond(5);
      await Promise.all(runs);
      assert.equal(sent.filter((name) => name === "account").length, 1);
    }
  });

  test("is asked again after a request without a response", async () => {
    const lost = () => Promise.reject(new TypeError("Failed to fetch"));
    const { client, sent, execute, respond } = begin(lost, () => account(4));
    const first = execute(1);
    await settled();
    await respond(1);
    await first;
    const runs = execute(6);
    await settled();
    assert.equal(client.pending.running, 4);
    assert.equal(sent.filter((name) => name === "account").length, 2);
    await respond(6);
    await respond(6);
    await Promise.all(runs);
  });

  test("does not delay a call, nor make it fail", async () => {
    const { sent, client, respond } = begin(() => new Promise(() => {}));
    const run = client.skills.execute(ID, {}, { totalTimeout: 60_000 });
    await settled();
    assert.deepEqual(sent, ["account", "execute"]);
    await respond(1);
    assert.equal((await run).success, true);
  });
});
