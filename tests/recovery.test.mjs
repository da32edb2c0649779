// @ts-check
/** Executions whose answer is lost, with the emulator in the process. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { failure } from "./lib/failure.mjs";
import { importPackage } from "./lib/package.mjs";

const GRACE = 50;

describe("an execution that must not be lost", () => {
  /** @type {Awaited<ReturnType<typeof importPackage>>} */
  let installed;
  before(async () => {
    installed = await importPackage();
  });
  after(() => installed?.remove());
  /** Ends the emulator's responses that no test waits for: their timers keep the process alive. */
  const network = new AbortController();
  after(() => network.abort());

  /**
   * A skill in an emulator whose network is `lossy`: it is handed the answer of each execution, which may be on its way
   * still, and gives what the client gets.
   * @param {(answer: Promise<Response>) => Response | Promise<Response>} lossy
   * @param {import("browser-use-skills").BrowserUseOptions} [options]
   */
  const begin = async (lossy, options) => {
    const emulator = installed.emulation.createEmulator();
    /** @type {string[]} */
    const sent = [];
    const connect = () =>
      new installed.library.BrowserUse({
        apiKey: "bu_1",
        fetch: async (address, init) => {
          sent.push(`${init.method} ${new URL(address).pathname.split("/").at(-1)}`);
          const signal = AbortSignal.any([init.signal, network.signal]);
          const answer = emulator.fetch(address, { ...init, signal });
          return address.endsWith("/execute") ? lossy(answer) : answer;
        },
        ...options,
      });
    const client = connect();
    const { id } = await client.marketplace.clone((await client.marketplace.get("top-stories")).id);
    const executions = async () => (await client.skills.executions(id)).items;
    return { client, connect, emulator, executions, id, sent };
  };
  const drop = async (/** @type {Promise<Response>} */ answer) => {
    await answer;
    throw new TypeError("Failed to fetch");
  };
  const dropAtOnce = (/** @type {Promise<Response>} */ answer) => {
    answer.catch(() => {});
    throw new TypeError("Failed to fetch");
  };
  const recover = { grace: GRACE };

  for (const [name, lossy] of /** @type {const} */ ([
    ["dropped", drop],
    ["dropped while it runs", dropAtOnce],
    ["broken in the body", async (/** @type {Promise<Response>} */ answer) => (await answer) && brokenBody()],
    [
      "cut short",
      async (/** @type {Promise<Response>} */ answer) =>
        new Response((await (await answer).text()).slice(0, 9)),
    ],
    [
      "that a gateway gave up on",
      async (/** @type {Promise<Response>} */ answer) => (await answer) && new Response("", { status: 504 }),
    ],
  ])) {
    test(`an answer ${name} is put together again`, async () => {
      const { client, executions, id, sent } = await begin(lossy);
      const execution = await client.skills.execute(id, {}, { recover });
      const [listed, ...others] = await executions();
      assert.equal(others.length, 0);
      assert.deepEqual(
        [execution.recovered, execution.success, execution.executionId, execution.latencyMs],
        [true, true, listed?.id, listed?.latencyMs],
      );
      const expected = await begin((answer) => answer);
      assert.deepEqual(execution.result, (await expected.client.skills.execute(expected.id, {})).result);
      assert.equal(sent.filter((request) => request.endsWith("execute")).length, 1);
    });
  }

  test("an answer that comes is handed over as it is", async () => {
    const { client, id } = await begin((answer) => answer);
    const execution = await client.skills.execute(id, {}, { recover });
    assert.ok(!("recovered" in execution) && execution.success);
  });

  test("a refusal stays a refusal", async () => {
    const { client, emulator, id, sent } = await begin((answer) => answer);
    await emulator.configure({ credits: 0 });
    assert.equal((await failure(client.skills.execute(id, {}, { recover }))).code, "insufficient_credits");
    assert.equal(sent.at(-1), "POST execute");
  });

  test("a request that never arrived is said to be safe to send again", async () => {
    const { client, emulator, executions, id } = await begin((answer) => answer);
    await emulator.addFault({ kind: "drop", operation: "skills.execute", when: "before" });
    const error = await failure(client.skills.execute(id, {}, { recover }));
    assert.deepEqual([error.code, error.maybeExecuted, error.retryable], ["network", false, true]);
    assert.match(error.message, /safe to send it again/);
    assert.deepEqual(await executions(), []);
  });

  test("of several new executions none is guessed", async () => {
    let isFirst = true;
    const meddled = await begin(async (answer) => {
      if (!isFirst) return answer;
      isFirst = false;
      // Somebody else, on another machine, at the same time.
      await meddled.connect().skills.execute(meddled.id);
      return drop(answer);
    });
    const error = await failure(meddled.client.skills.execute(meddled.id, {}, { recover }));
    assert.ok(error instanceof installed.library.AmbiguousExecutionError);
    assert.deepEqual(error.candidates, await meddled.executions());
    assert.deepEqual([error.maybeExecuted, error.retryable], [true, false]);
  });

  test("executions of one skill at once are told apart", async () => {
    let count = 0;
    const { client, executions, id } = await begin((answer) => {
      count += 1;
      return count % 2 === 0 ? drop(answer) : answer;
    });
    const runs = Array.from({ length: 10 }, () => client.skills.execute(id, {}, { recover }));
    const done = await Promise.all(runs);
    const recovered = done.flatMap(({ executionId }) => executionId ?? []);
    assert.equal(recovered.length, 5);
    assert.equal(new Set(recovered).size, 5);
    assert.equal((await executions()).length, 10);
  });

  test("the search waits for an execution that still runs, and ends with the caller's signal or time", async () => {
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

  test("nothing but executions of one's own skills can be recovered", async () => {
    const { client, id } = await begin((answer) => answer);
    /** @type {any} */
    const options = { recover: true };
    for (const call of [
      failure(client.marketplace.execute(id, {}, options)),
      failure(client.skills.create({ goal: "g", agentPrompt: "long enough" }, options)),
      failure(client.skills.execute(id, {}, { ...options, retry: "always" })),
      failure(client.skills.execute(id, {}, { recover: /** @type {any} */ ("yes") })),
      failure(client.skills.execute(id, {}, { recover: { grace: -1 } })),
    ]) {
      assert.match((await call).message, /recover: /);
    }
  });

  describe("with a journal", () => {
    const memory = () => {
      /** @type {Map<string, string>} */
      const kept = new Map();
      return {
        kept,
        get: async (/** @type {string} */ key) => kept.get(key),
        set: async (/** @type {string} */ key, /** @type {string} */ value) => void kept.set(key, value),
        delete: async (/** @type {string} */ key) => void kept.delete(key),
      };
    };
    /** An answer that never comes: the page or worker ends before. */
    const never = (/** @type {Promise<Response>} */ answer) => {
      answer.catch(() => {});
      return new Promise(() => {});
    };

    test("a run is written down while it runs, without key or parameters", async () => {
      const journal = memory();
      const { client, id } = await begin(
        (answer) => {
          assert.equal(journal.kept.size, 1);
          const text = [...journal.kept].join();
          assert.ok(text.includes(id) && text.includes("page 7") && !/bu_1|secret/.test(text), text);
          return answer;
        },
        { journal },
      );
      const parameters = { cookie: "secret" };
      /** @type {unknown[]} */
      const delivered = [];
      const deliver = async (/** @type {unknown} */ execution) => {
        assert.equal(journal.kept.size, 1, "the entry stays until the execution is stored");
        delivered.push(execution);
      };
      const execution = await client.skills.execute(
        id,
        { parameters },
        { recover: { tag: "page 7", deliver } },
      );
      assert.deepEqual(delivered, [execution]);
      assert.equal(journal.kept.size, 0);
    });

    test("without deliver, a response is handed over again until it is acknowledged", async () => {
      const journal = memory();
      const { client, connect, id, sent } = await begin((answer) => answer, { journal });
      const execution = await client.skills.execute(id, {}, { recover: { tag: "mine" } });
      for (let count = 0; count < 2; count += 1) {
        const [again, ...others] = await connect().resume();
        assert.deepEqual([others.length, again?.tag], [0, "mine"]);
        assert.deepEqual((await again?.result)?.result, execution.result);
      }
      const [last] = await connect().resume();
      await last?.result;
      await last?.acknowledge();
      assert.equal(journal.kept.size, 0);
      assert.deepEqual(await connect().resume(), []);
      assert.equal(sent.filter((request) => request.endsWith("execute")).length, 1);
    });

    test("a deliver that fails leaves the execution to resume()", async () => {
      const journal = memory();
      const { client, connect, id } = await begin((answer) => answer, { journal });
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
      assert.equal(journal.kept.size, 0);
    });

    test("what an earlier worker began is resumed once", async () => {
      const journal = memory();
      const { client, connect, emulator, id, sent } = await begin(dropAtOnce, { journal });
      // The earlier worker: it sends, and its time is up before it hears.
      await emulator.configure({ executionMs: 60_000 });
      await failure(client.skills.execute(id, {}, { recover: { tag: "mine" }, totalTimeout: 50 }));
      assert.equal(journal.kept.size, 1, "what is still open stays written down");
      await emulator.advance(60_000);
      const [resumed, ...others] = await connect().resume();
      assert.equal(others.length, 0);
      assert.deepEqual([resumed?.skillId, resumed?.tag], [id, "mine"]);
      const execution = await resumed?.result;
      assert.deepEqual([execution?.success, execution?.recovered], [true, true]);
      await resumed?.acknowledge();
      assert.equal(journal.kept.size, 0);
      assert.deepEqual(await connect().resume(), []);
      assert.equal(sent.filter((request) => request.endsWith("execute")).length, 1);
    });

    test("a run can be discarded", async () => {
      const journal = memory();
      const { client, connect, id } = await begin((answer) => answer, { journal });
      await client.skills.execute(id, {}, { recover: true });
      const [resumed = assert.fail("nothing resumed")] = await connect().resume();
      await client.discard(resumed);
      assert.equal(journal.kept.size, 0);
    });

    test("an entry of version 1 is read", async () => {
      const journal = memory();
      const { client, connect, id } = await begin((answer) => answer, { journal });
      await client.skills.execute(id);
      const entry = { id: "0.5", skillId: id, known: [], sentAt: Date.now(), tag: "old" };
      journal.kept.set("browser-use-skills.executions", JSON.stringify([entry]));
      const [resumed] = await connect().resume();
      assert.equal(resumed?.tag, "old");
      assert.equal((await resumed?.result)?.recovered, true);
      await resumed?.acknowledge();
      assert.equal(journal.kept.size, 0);
    });

    test("an abort leaves the run that may have been paid for in the journal", async () => {
      const journal = memory();
      const { client, connect, id } = await begin(never, { journal });
      const controller = new AbortController();
      const { signal } = controller;
      const running = failure(client.skills.execute(id, {}, { recover, signal }));
      await waitUntil(async () => journal.kept.size === 1);
      assert.deepEqual(await connect().resume(), [], "what is still being waited for is left alone");
      controller.abort("enough");
      assert.equal(await running, "enough");
      const [resumed] = await connect().resume();
      assert.equal((await resumed?.result)?.recovered, true);
    });

    test("a request that had not left before the worker ended is safe to send again", async () => {
      const journal = memory();
      const { connect, emulator, id } = await begin((answer) => answer, { journal });
      await emulator.addFault({ kind: "drop", operation: "skills.execute", when: "before" });
      await failure(connect().skills.execute(id, {}, { recover: { grace: 1000 }, totalTimeout: 20 }));
      assert.equal(journal.kept.size, 1);
      const [resumed] = await connect().resume({ grace: 0 });
      const error = await failure(/** @type {Promise<unknown>} */ (resumed?.result));
      assert.equal(error.maybeExecuted, false);
      await waitUntil(async () => journal.kept.size === 0);
    });

    test("a journal that fails lets nothing be sent", async () => {
      const broken = { get: () => null, set: () => Promise.reject(new Error("full")), delete: () => {} };
      const { client, id, sent } = await begin((answer) => answer, { journal: broken });
      const error = await failure(client.skills.execute(id, {}, { recover }));
      assert.deepEqual([error.code, error.cause.message], ["journal", "full"]);
      assert.ok(!sent.includes("POST execute"));
      const garbled = { ...broken, get: () => "{" };
      const other = await begin((answer) => answer, { journal: garbled });
      assert.equal((await failure(other.client.resume())).code, "journal");
    });

    test("is kept in an extension's storage", async () => {
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
        (answer) => {
          assert.equal(Object.keys(items).length, 1);
          return answer;
        },
        { journal },
      );
      await client.skills.execute(id, {}, { recover: { grace: GRACE, deliver: () => {} } });
      assert.deepEqual(items, {});
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
