// @ts-check
/** If the WebAssembly panics, every pending call rejects and the next call works. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, mock, test } from "node:test";
import { setTimeout as setTimeoutOfNode } from "node:timers";
import { pathToFileURL } from "node:url";
import { CRASHING } from "../../scripts/build.mjs";
import { failure } from "../lib/failure.mjs";

/** Identifies the timers of the calls. They expire when a test says so, not while a busy machine is slow. */
const LIMIT = 3_600_000;
const ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a";

describe("a crash of the WebAssembly", () => {
  /** @type {typeof import("browser-use-skills") & { panic(): Promise<void>, panicLater(): void }} */
  let library;
  /** @type {Array<() => void>} */
  const expiries = [];
  /** Lets the time limits of all calls expire. Returns the number of timers. */
  const expire = () => {
    const expired = expiries.splice(0);
    for (const end of expired) end();
    return expired.length;
  };
  mock.method(
    globalThis,
    "setTimeout",
    (/** @type {() => void} */ end, /** @type {number} */ milliseconds) => {
      const timer = setTimeoutOfNode(end, milliseconds);
      if (milliseconds <= LIMIT / 2) return timer;
      expiries.push(end);
      return timer.unref();
    },
  );
  before(async () => {
    library = await import(pathToFileURL(join(CRASHING, "index.js")).href);
    await library.BrowserUse.load(await readFile(join(CRASHING, "browser_use_skills_bg.wasm")));
    await library.BrowserUse.loadExtra(await readFile(join(CRASHING, "browser_use_skills_extra_bg.wasm")));
  });

  /** Creates a client whose requests get their response when `respond` is called. */
  const begin = () => {
    /** @type {Array<() => void>} */
    const waiting = [];
    const run = { success: true, result: 1 };
    const client = new library.BrowserUse({
      apiKey: "bu_1",
      fetch: () => new Promise((resolve) => waiting.push(() => resolve(new Response(JSON.stringify(run))))),
    });
    const sent = async () => {
      while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
    };
    const respond = async () => {
      await sent();
      for (const reply of waiting.splice(0)) reply();
    };
    return { respond, client, sent };
  };

  for (const when of ["at once", "later"]) {
    test(`rejects every pending call, and the next one works: ${when}`, async () => {
      const { respond, client, sent } = begin();
      const other = begin();
      const first = client.skills.execute(ID);
      await respond();
      await first;
      const waiting = [
        failure(client.skills.execute(ID, {}, { timeout: LIMIT })),
        failure(other.client.skills.execute(ID, {}, { timeout: LIMIT })),
      ];
      await Promise.all([sent(), other.sent()]);
      const crash = when === "at once" ? [failure(library.panic())] : [];
      if (when === "later") library.panicLater();
      for (const error of await Promise.all([...crash, ...waiting])) {
        assert.ok(error instanceof library.InternalError);
        assert.ok(error.cause instanceof WebAssembly.RuntimeError);
      }
      // Responses to requests of the crashed instance, which arrive only now, change nothing. Nor do its timers.
      await Promise.all([respond(), other.respond()]);
      assert.ok(expire() >= waiting.length);
      for (const world of [begin(), other, { client, respond }]) {
        const next = world.client.skills.execute(ID);
        await world.respond();
        assert.equal((await next).result, 1);
        world.client.free();
      }
    });
  }

  test("keeps the journal entries of all calls that may have been sent", async () => {
    /** @type {Map<string, string>} */
    const journal = new Map();
    /** @type {string[]} */
    const posts = [];
    const client = new library.BrowserUse({
      apiKey: "bu_1",
      journal: {
        get: (key) => journal.get(key),
        set: (key, value) => journal.set(key, value),
        delete: (key) => journal.delete(key),
      },
      fetch: async (_, { body }) => {
        const none = { items: [], totalItems: 0, pageNumber: 1, pageSize: 100 };
        if (!body) return new Response(JSON.stringify(none));
        posts.push(body);
        return new Promise(() => {});
      },
    });
    const ids = [ID, ID.replace(/^3/, "4"), ID.replace(/^3/, "5")];
    const calls = ids.map((id, index) =>
      failure(client.skills.execute(id, {}, { recover: { tag: `run ${index}` }, timeout: LIMIT })),
    );
    while (posts.length < ids.length) await new Promise((resolve) => setImmediate(resolve));
    library.panicLater();
    for (const error of await Promise.all(calls)) {
      assert.deepEqual([error.code, error.maybeExecuted, error.retryable], ["internal", true, false]);
    }
    const resumed = await client.resume();
    assert.deepEqual(resumed.map(({ tag }) => tag).sort(), ["run 0", "run 1", "run 2"]);
    for (const run of resumed) await client.discard(run);
    assert.deepEqual(await client.resume(), []);
  });

  test("ends a watch, which can be restarted", async () => {
    const { client, respond, sent } = begin();
    const watch = client.skills.watch(ID, { timeout: LIMIT });
    const polled = failure(watch.next());
    await sent();
    library.panicLater();
    assert.equal((await polled).code, "internal");
    await respond();
    const next = client.skills.execute(ID);
    await respond();
    assert.equal((await next).success, true);
  });
});
