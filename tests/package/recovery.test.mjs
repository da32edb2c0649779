// @ts-check
/** Executions whose response is lost, with the emulator in the same process. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { failure } from "../lib/failure.mjs";
import { importPackage } from "../lib/package.mjs";

const GRACE = 50;

describe("an execution with recover", () => {
  /** @type {Awaited<ReturnType<typeof importPackage>>} */
  let installed;
  before(async () => {
    installed = await importPackage();
  });
  after(() => installed?.remove());
  /** Aborts the emulator's pending responses, whose timers keep the process alive. */
  const network = new AbortController();
  after(() => network.abort());

  /**
   * Creates a skill in an emulator with a lossy network. `lossy` gets the pending response of each execution, and returns
   * what the client receives.
   * @param {(response: Promise<Response>) => Response | Promise<Response>} lossy
   * @param {import("browser-use-skills").BrowserUseOptions} [options]
   */
  const begin = async (lossy, options) => {
    const emulator = installed.emulation.createEmulator();
    /** @type {string[]} */
    const sent = [];
    const connect = (/** @type {import("browser-use-skills").BrowserUseOptions} */ more = {}) =>
      new installed.library.BrowserUse({
        apiKey: "bu_1",
        fetch: async (url, init) => {
          sent.push(`${init.method} ${new URL(url).pathname.split("/").at(-1)}`);
          const signal = AbortSignal.any([init.signal, network.signal]);
          const response = emulator.fetch(url, { ...init, signal });
          return url.endsWith("/execute") ? lossy(response) : response;
        },
        ...options,
        ...more,
      });
    const client = connect();
    const { id } = await client.marketplace.clone((await client.marketplace.get("top-stories")).id);
    const executions = async () => (await client.skills.executions(id)).items;
    return { client, connect, emulator, executions, id, sent };
  };
  const drop = async (/** @type {Promise<Response>} */ response) => {
    await response;
    throw new TypeError("Failed to fetch");
  };
  const dropAtOnce = (/** @type {Promise<Response>} */ response) => {
    response.catch(() => {});
    throw new TypeError("Failed to fetch");
  };
  const recover = { grace: GRACE };

  for (const [name, lossy] of /** @type {const} */ ([
    ["dropped", drop],
    ["dropped while it runs", dropAtOnce],
    [
      "broken in the body",
      async (/** @type {Promise<Response>} */ response) => (await response) && brokenBody(),
    ],
    [
      "cut short",
      async (/** @type {Promise<Response>} */ response) =>
        new Response((await (await response).text()).slice(0, 9)),
    ],
    [
      "that a gateway gave up on",
      async (/** @type {Promise<Response>} */ response) =>
        (await response) && new Response("", { status: 504 }),
    ],
  ])) {
    test(`is recovered if its response is ${name}`, async () => {
      const { client, executions, id, sent } = await begin(lossy);
      const execution = await client.skills.execute(id, {}, { recover });
      const [listed, ...others] = await executions();
      assert.equal(others.length, 0);
      assert.deepEqual(
        [execution.recovered, execution.success, execution.executionId, execution.latencyMs],
        [true, true, listed?.id, listed?.latencyMs],
      );
      const expected = await begin((response) => response);
      assert.deepEqual(execution.result, (await expected.client.skills.execute(expected.id, {})).result);
      assert.equal(sent.filter((request) => request.endsWith("execute")).length, 1);
    });
  }

  test("returns a complete response unchanged", async () => {
    const { client, id } = await begin((response) => response);
    const execution = await client.skills.execute(id, {}, { recover });
    assert.ok(!("recovered" in execution) && execution.success);
  });

  test("rejects with the error of the API", async () => {
    const { client, emulator, id, sent } = await begin((response) => response);
    await emulator.configure({ credits: 0 });
    assert.equal((await failure(client.skills.execute(id, {}, { recover }))).code, "insufficient_credits");
    assert.equal(sent.at(-1), "POST execute");
  });

  test("reports that a request that never arrived can be retried", async () => {
    const { client, emulator, executions, id } = await begin((response) => response);
    await emulator.addFault({ kind: "drop", operation: "skills.execute", when: "before" });
    const error = await failure(client.skills.execute(id, {}, { recover }));
    assert.deepEqual([error.code, error.maybeExecuted, error.retryable], ["network", false, true]);
    assert.match(error.message, /safe to retry/);
    assert.deepEqual(await executions(), []);
  });

  test("is ambiguous if there are several new executions", async () => {
    let isFirst = true;
    const meddled = await begin(async (response) => {
      if (!isFirst) return response;
      isFirst = false;
      // Another user, on another machine, at the same time.
      await meddled.connect().skills.execute(meddled.id);
      return drop(response);
    });
    const error = await failure(meddled.client.skills.execute(meddled.id, {}, { recover }));
    assert.ok(error instanceof installed.library.AmbiguousExecutionError);
    assert.deepEqual(error.candidates, await meddled.executions());
    assert.deepEqual([error.maybeExecuted, error.retryable], [true, false]);
  });

  test("is distinguished from concurrent executions of the same skill", async () => {
    let count = 0;
    const { client, executions, id } = await begin((response) => {
      count += 1;
      return count % 2 === 0 ? drop(response) : response;
    });
    const runs = Array.from({ length: 10 }, () => client.skills.execute(id, {}, { recover }));
    const done = await Promise.all(runs);
    const recovered = done.flatMap(({ executionId }) => executionId ?? []);
    assert.equal(recovered.length, 5);
    assert.equal(new Set(recovered).size, 5);
    assert.equal((await executions()).length, 10);
  });

  test("is searched for while it runs, until the caller's signal or timeout", async () => {
    const { client, emulator, executions, id } = await begin(dropAtOnce);
    await emulator.configure({ executionMs: 60_000 });
    const late = await failure(client.skills.execute(id, {}, { recover, totalTimeout: 1_000 }));
    assert.deepEqual([late.code, late.limit, late.maybeExecuted], ["timeout", "totalTimeout", true]);
    const [running] = await executions();
    assert.equal(late.executionId, running?.id);
    const controller = new AbortController();
    const { signal } = controller;
    const stopped = failure(client.skills.execute(id, {}, { recover, signal }));
    await waitUntil(async () => (await executions()).length === 2);
    controller.abort("enough");
    assert.equal(await stopped, "enough");
  });

  test("can be recovered only for the caller's own skills", async () => {
    const { client, id } = await begin((response) => response);
    /** @type {any} */
    const options = { recover: true };
    for (const call of [
      failure(client.marketplace.execute(id, {}, options)),
      failure(client.skills.create({ goal: "g", agentPrompt: "long enough" }, options)),
      failure(client.skills.execute(id, {}, { ...options, retry: "always" })),
      failure(client.skills.execute(id, {}, { recover: /** @type {any} */ ("yes") })),
      failure(client.skills.execute(id, {}, { recover: { grace: -1 } })),
    ]) {
      assert.match((await call).message, /recover(\.grace)?: /);
    }
  });

  describe("with a journal", () => {
    const memory = () => {
      /** @type {Map<string, string>} */
      const kept = new Map();
      return {
        kept,
        /** The runs in the journal, without the records of skills. */
        runs: () => {
          const stored = [...kept.values()].map((text) => JSON.parse(text).entries ?? {});
          return stored.flatMap(Object.values).filter(({ skillId }) => skillId);
        },
        get: async (/** @type {string} */ key) => kept.get(key),
        set: async (/** @type {string} */ key, /** @type {string} */ value) => void kept.set(key, value),
        delete: async (/** @type {string} */ key) => void kept.delete(key),
      };
    };
    /** A response that never arrives: the page or worker ends before. */
    const never = (/** @type {Promise<Response>} */ response) => {
      response.catch(() => {});
      return new Promise(() => {});
    };

    test("what was listed before a run is in the journal when it is sent", async () => {
      const journal = memory();
      /** @type {unknown[]} */
      const seen = [];
      const { client, connect, executions, id } = await begin((response) => {
        const [text = "{}"] = journal.kept.values();
        seen.push(JSON.parse(text).entries?.[`skill:${id}`]?.seen);
        return response;
      });
      await client.skills.execute(id);
      // The first run in the journal.
      await connect({ journal }).skills.execute(id, {}, { recover });
      assert.deepEqual(seen, [undefined, (await executions()).slice(1).map((execution) => execution.id)]);
    });

    test("the record of a skill is kept for ten minutes after its last run", async () => {
      const journal = memory();
      const { client, connect, id } = await begin((response) => response, { journal });
      const { id: source } = await client.marketplace.get("top-stories");
      const { id: other } = await connect().marketplace.clone(source);
      const recover = { deliver: () => {} };
      const records = () => {
        const [[key, text] = ["", "{}"]] = journal.kept;
        return { key, stored: JSON.parse(text), ids: Object.keys(JSON.parse(text).entries ?? {}).sort() };
      };
      await client.skills.execute(id, {}, { recover });
      assert.deepEqual(records().ids, [`skill:${id}`]);
      for (const [age, kept] of /** @type {const} */ ([
        [590_000, [`skill:${id}`, `skill:${other}`]],
        [600_001, [`skill:${other}`]],
      ])) {
        const { key, stored } = records();
        stored.entries[`skill:${id}`].unusedSince = Date.now() - age;
        await journal.set(key, JSON.stringify(stored));
        await client.skills.execute(other, {}, { recover });
        assert.deepEqual(records().ids, [...kept].sort());
      }
    });

    test("a run is in the journal while it runs, without the key and its parameters", async () => {
      const journal = memory();
      const { client, id } = await begin(
        (response) => {
          assert.equal(journal.runs().length, 1);
          const text = [...journal.kept].join();
          assert.ok(text.includes(id) && text.includes("page 7") && !/bu_1|secret/.test(text), text);
          return response;
        },
        { journal },
      );
      const parameters = { cookie: "secret" };
      /** @type {unknown[]} */
      const delivered = [];
      const deliver = async (/** @type {unknown} */ execution) => {
        assert.equal(journal.runs().length, 1, "the entry stays until the execution is stored");
        delivered.push(execution);
      };
      const execution = await client.skills.execute(
        id,
        { parameters },
        { recover: { tag: "page 7", deliver } },
      );
      assert.deepEqual(delivered, [execution]);
      assert.deepEqual(journal.runs(), []);
    });

    test("without deliver, a response is delivered again until it is acknowledged", async () => {
      const journal = memory();
      const { client, connect, id, sent } = await begin((response) => response, { journal });
      const execution = await client.skills.execute(id, {}, { recover: { tag: "mine" } });
      for (let count = 0; count < 2; count += 1) {
        const [again, ...others] = await connect().resume();
        assert.deepEqual([others.length, again?.tag], [0, "mine"]);
        assert.deepEqual((await again?.result)?.result, execution.result);
      }
      const [last] = await connect().resume();
      await last?.result;
      await last?.acknowledge();
      assert.deepEqual(journal.runs(), []);
      assert.deepEqual(await connect().resume(), []);
      assert.equal(sent.filter((request) => request.endsWith("execute")).length, 1);
    });

    test("a failed deliver leaves the execution to resume()", async () => {
      const journal = memory();
      const { client, connect, id } = await begin((response) => response, { journal });
      const deliver = () => Promise.reject(new Error("disk full"));
      const error = await failure(client.skills.execute(id, {}, { recover: { deliver } }));
      assert.deepEqual(
        [error.code, error.maybeExecuted, error.retryable, error.cause.message],
        ["journal", true, false, "disk full"],
      );
      /** @type {unknown[]} */
      const stored = [];
      const [resumed] = await connect().resume({ deliver: (execution) => stored.push(execution) });
      assert.deepEqual(stored, [await resumed?.result]);
      assert.deepEqual(journal.runs(), []);
    });

    test("a run of an earlier worker is resumed once", async () => {
      const journal = memory();
      const { client, connect, emulator, id, sent } = await begin(dropAtOnce, { journal });
      // The earlier worker sends the request and ends before the response.
      await emulator.configure({ executionMs: 60_000 });
      await failure(client.skills.execute(id, {}, { recover: { tag: "mine" }, totalTimeout: 50 }));
      assert.equal(journal.runs().length, 1, "an open run stays in the journal");
      await emulator.advance(60_000);
      const [resumed, ...others] = await connect().resume();
      assert.equal(others.length, 0);
      assert.deepEqual([resumed?.skillId, resumed?.tag], [id, "mine"]);
      const execution = await resumed?.result;
      assert.deepEqual([execution?.success, execution?.recovered], [true, true]);
      await resumed?.acknowledge();
      assert.deepEqual(journal.runs(), []);
      assert.deepEqual(await connect().resume(), []);
      assert.equal(sent.filter((request) => request.endsWith("execute")).length, 1);
    });

    test("a run can be discarded", async () => {
      const journal = memory();
      const { client, connect, id } = await begin((response) => response, { journal });
      await client.skills.execute(id, {}, { recover: true });
      const [resumed = assert.fail("nothing resumed")] = await connect().resume();
      await client.discard(resumed);
      assert.deepEqual(journal.runs(), []);
    });

    test("an entry of version 1 can be read", async () => {
      const journal = memory();
      const { client, connect, id } = await begin((response) => response, { journal });
      await client.skills.execute(id);
      const entry = { id: "0.5", skillId: id, known: [], sentAt: Date.now(), tag: "old" };
      journal.kept.set("browser-use-skills.executions", JSON.stringify([entry]));
      const [resumed] = await connect().resume();
      assert.equal(resumed?.tag, "old");
      assert.equal((await resumed?.result)?.recovered, true);
      await resumed?.acknowledge();
      assert.equal(journal.kept.has("browser-use-skills.executions"), false);
      // What is left says whose the execution is, for later runs.
      assert.deepEqual(await connect().resume(), []);
    });

    test("an abort leaves a run that may be paid for in the journal", async () => {
      const journal = memory();
      const { client, connect, id } = await begin(never, { journal });
      const controller = new AbortController();
      const { signal } = controller;
      const running = failure(client.skills.execute(id, {}, { recover, signal }));
      await waitUntil(async () => journal.runs().length === 1);
      assert.deepEqual(await connect().resume(), [], "what is still being waited for is left alone");
      controller.abort("enough");
      assert.equal(await running, "enough");
      const [resumed] = await connect().resume();
      assert.equal((await resumed?.result)?.recovered, true);
    });

    test("a request that was not sent before the worker ended can be retried", async () => {
      const journal = memory();
      const { connect, emulator, id } = await begin((response) => response, { journal });
      await emulator.addFault({ kind: "drop", operation: "skills.execute", when: "before" });
      await failure(connect().skills.execute(id, {}, { recover: { grace: 1000 }, totalTimeout: 20 }));
      assert.equal(journal.runs().length, 1);
      const [resumed] = await connect().resume({ grace: 0 });
      const error = await failure(/** @type {Promise<unknown>} */ (resumed?.result));
      assert.equal(error.maybeExecuted, false);
      await waitUntil(async () => journal.runs().length === 0);
    });

    test("nothing is sent if the journal fails", async () => {
      const broken = { get: () => null, set: () => Promise.reject(new Error("full")), delete: () => {} };
      const { client, id, sent } = await begin((response) => response, { journal: broken });
      const error = await failure(client.skills.execute(id, {}, { recover }));
      assert.deepEqual([error.code, error.cause.message], ["journal", "full"]);
      assert.ok(!sent.includes("POST execute"));
      const garbled = { ...broken, get: () => "{" };
      const other = await begin((response) => response, { journal: garbled });
      assert.equal((await failure(other.client.resume())).code, "journal");
    });

    test("entries can be kept in an extension's storage", async () => {
      /** @type {Record<string, unknown>} */
      let items = {};
      const area = {
        get: async (/** @type {string} */ key) => ({ [key]: items[key] }),
        set: async (/** @type {Record<string, unknown>} */ more) => void Object.assign(items, more),
        remove: async (/** @type {string} */ key) => {
          const { [key]: _, ...rest } = items;
          items = rest;
        },
      };
      const journal = installed.journals.extensionJournal(area);
      const { client, id } = await begin(
        (response) => {
          assert.equal(Object.keys(items).length, 1);
          return response;
        },
        { journal },
      );
      await client.skills.execute(id, {}, { recover: { grace: GRACE, deliver: () => {} } });
      const [text] = Object.values(items);
      assert.deepEqual(Object.keys(JSON.parse(String(text)).entries), [`skill:${id}`]);
    });
  });
});

function brokenBody() {
  const body = new ReadableStream({
    start: (controller) => controller.error(new TypeError("network error")),
  });
  return new Response(body);
}

/** @param {() => Promise<boolean>} isTrue */
async function waitUntil(isTrue) {
  while (!(await isTrue())) await new Promise((resolve) => setImmediate(resolve));
}
