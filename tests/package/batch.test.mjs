// @ts-check
/** Batches, in one process: what is executed, stored and returned. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, beforeEach, describe, test } from "node:test";
import { failure } from "../lib/failure.mjs";
import { startLossyCloud } from "../lib/lossy-cloud.mjs";
import { importPackage } from "../lib/package.mjs";

/** @typedef {import("browser-use-skills/batch").BatchOptions<any, any>} Options */
/** @typedef {import("browser-use-skills/batch").BatchStore} Store */
/** @typedef {{ n: number }} Row */

/** @param {number} count @returns {Row[]} */
const rowsOf = (count) => Array.from({ length: count }, (_, n) => ({ n }));

describe("a batch", () => {
  /** @type {Awaited<ReturnType<typeof importPackage>>} */
  let installed;
  /** @type {Awaited<ReturnType<typeof startLossyCloud>>} */
  let cloud;
  /** The skill of a test: executions of other tests may not be listed any more. */
  let id = "";
  before(async () => {
    [installed, cloud] = await Promise.all([importPackage(), startLossyCloud()]);
  });
  beforeEach(() => {
    cloud.reset();
    id = randomUUID();
  });
  after(async () => {
    await cloud?.close();
    await installed?.remove();
  });

  /** A store and a journal that outlive clients. */
  const openPersistence = () => {
    /** @type {Map<string, Map<number, object>>} */
    const stored = new Map();
    /** @type {Store} */
    const store = {
      async read(batch, from, to) {
        const entries = [...(stored.get(batch) ?? [])].filter(([index]) => from <= index && index < to);
        return entries.sort(([one], [other]) => one - other).map(([index, value]) => ({ index, value }));
      },
      async write(batch, entries) {
        const values = stored.get(batch) ?? new Map();
        stored.set(batch, values);
        for (const { index, value } of entries) values.set(index, JSON.parse(JSON.stringify(value)));
      },
    };
    return { store, journal: new Map() };
  };

  /** @param {import("browser-use-skills").BrowserUseOptions} [options] */
  const connect = (options = {}) =>
    new installed.library.BrowserUse({ apiKey: "bu_1", baseUrl: cloud.baseUrl, ...options });

  /** The skill as a response: nothing needs to request it. */
  const skill = () =>
    /** @type {any} */ ({ id, parameters: [{ name: "n", type: "number", required: true }] });

  /** @param {any} rows @param {Options} [options] @param {InstanceType<typeof installed.library.BrowserUse>} [client] */
  const begin = (rows, options = {}, client = connect()) =>
    installed.batches.batch(client.skill(skill()), rows, options);

  /** @template Result @param {AsyncIterable<Result>} run @returns {Promise<Result[]>} */
  const collect = async (run) => {
    const results = [];
    for await (const result of run) results.push(result);
    return results;
  };

  const executed = () => cloud.executions.map(({ result }) => /** @type {Row} */ (result).n);

  test("runs every row once, and returns each with its output", async () => {
    const rows = rowsOf(30);
    const run = begin(rows, { concurrency: 5 });
    const results = await collect(run);
    assert.deepEqual(
      results.map(({ index }) => index).sort((one, other) => one - other),
      rows.map(({ n }) => n),
    );
    for (const { index, row, status, output, attempts } of results) {
      assert.deepEqual([row, status, output, attempts], [rows[index], "done", { n: index }, 1]);
    }
    assert.equal(cloud.executions.length, 30);
    assert.ok(cloud.peak <= 5, `${cloud.peak} at once`);
    const { done, running, queued, executions, total } = run.progress;
    assert.deepEqual([done, running, queued, executions, total], [30, 0, 0, 30, 30]);
  });

  test("returns results in the order of the rows if asked to", async () => {
    cloud.onExecute = ({ parameters, start, respond }) => {
      const execution = start();
      setTimeout(() => respond(execution), parameters.n % 2 ? 1 : 20);
    };
    const results = await collect(begin(rowsOf(12), { ordered: true, concurrency: 4 }));
    assert.deepEqual(
      results.map(({ index }) => index),
      rowsOf(12).map(({ n }) => n),
    );
  });

  test("continues in another client without executing a finished row again", async () => {
    const { store, journal } = openPersistence();
    const options = { id: "prices", store, concurrency: 3 };
    const first = begin(rowsOf(20), options, connect({ journal }));
    const returned = [];
    for await (const result of first) {
      returned.push(result);
      if (returned.length === 7) break;
    }
    const before = cloud.executions.length;
    assert.ok(before < 20, `${before} executions`);
    const results = await collect(begin(rowsOf(20), options, connect({ journal })));
    assert.equal(results.length, 20);
    assert.deepEqual(
      executed().sort((one, other) => one - other),
      rowsOf(20).map(({ n }) => n),
    );
    assert.equal(
      (await collect(begin(rowsOf(20), options, connect({ journal })))).length,
      20,
      "all are stored",
    );
    assert.equal(cloud.executions.length, 20);
  });

  test("with lost responses and refusals has every result, and executes nothing twice", async () => {
    const { store, journal } = openPersistence();
    cloud.onExecute = ({ count, start, end, lose, refuse, respond }) => {
      if (count % 10 === 3) {
        cloud.fire("refused");
        return refuse(429, { detail: "Too many concurrent active sessions" });
      }
      if (count % 3 === 1) {
        cloud.fire("lost");
        end(start());
        return lose();
      }
      return respond(start());
    };
    const run = begin(
      rowsOf(24),
      { id: "lossy", store, concurrency: 4 },
      connect({ journal, maxConcurrent: 4 }),
    );
    const results = await collect(run);
    assert.deepEqual(
      results.filter(({ status }) => status !== "done"),
      [],
    );
    for (const { index, output } of results) assert.deepEqual(output, { n: index });
    assert.deepEqual(
      executed().sort((one, other) => one - other),
      rowsOf(24).map(({ n }) => n),
    );
    assert.ok((cloud.fired.refused ?? 0) > 1 && (cloud.fired.lost ?? 0) > 5, JSON.stringify(cloud.fired));
  });

  test("pauses at its budget of executions, and continues with a higher one", async () => {
    const { store, journal } = openPersistence();
    /** @type {ReturnType<typeof begin> | undefined} */
    let run;
    const onProgress = (/** @type {{ paused?: string }} */ { paused }) => {
      if (paused === "budget") void run?.cancel();
    };
    run = begin(rowsOf(10), { id: "b", store, budget: { executions: 4 }, onProgress }, connect({ journal }));
    assert.equal((await collect(run)).length, 4);
    assert.deepEqual(
      [run.progress.paused, run.progress.executions, cloud.executions.length],
      ["budget", 4, 4],
    );
    const more = begin(rowsOf(10), { id: "b", store, budget: { executions: 10 } }, connect({ journal }));
    assert.equal((await collect(more)).length, 10);
    assert.equal(cloud.executions.length, 10);
  });

  test("never exceeds its budget in US dollars, and measures it by the balance", async () => {
    const { store, journal } = openPersistence();
    let balance = 10;
    cloud.onExecute = ({ count, start, respond }) => {
      // The first is the most expensive one.
      balance -= count === 0 ? 0.03 : 0.02;
      respond(start());
    };
    cloud.onOther = (_, path, outgoing) => {
      assert.match(path, /\/billing\/account$/);
      cloud.json(outgoing, {
        totalCreditsBalanceUsd: balance,
        monthlyCreditsBalanceUsd: 0,
        additionalCreditsBalanceUsd: balance,
        rateLimit: 3,
        planInfo: null,
        projectId: id,
      });
    };
    const spend = async (/** @type {number} */ usd) => {
      /** @type {(() => void) | undefined} */
      let finish;
      const isSpent = new Promise((resolve) => {
        finish = () => resolve(undefined);
      });
      const onProgress = (/** @type {import("browser-use-skills/batch").BatchProgress} */ progress) => {
        const { paused, running, spentUsd = 0 } = progress;
        // The balance of the last execution is known, and another one could exceed the budget.
        if (paused !== "budget" || running > 0) return;
        assert.ok(usd - spentUsd < 0.03, "another execution would not exceed the budget");
        finish?.();
      };
      const options = { id: "usd", store, budget: { usd }, concurrency: 3, onProgress };
      const run = begin(rowsOf(40), options, connect({ journal }));
      const results = collect(run);
      await isSpent;
      await run.cancel();
      return (await results).length;
    };
    for (const usd of [0.3, 0.45]) {
      assert.equal(await spend(usd), cloud.executions.length);
      const spent = 10 - balance;
      assert.ok(spent <= usd + 1e-9 && spent > usd - 0.03, `${spent} of ${usd} USD`);
    }
  });

  test("does not exceed its budget in US dollars after it was stopped while rows ran", async () => {
    const { store, journal } = openPersistence();
    let balance = 10;
    let isHeld = false;
    /** @type {(() => void)[]} */
    const held = [];
    cloud.onExecute = ({ start, respond }) => {
      const execution = start();
      const end = () => {
        // Charged at its end.
        balance -= 0.02;
        respond(execution);
      };
      if (isHeld) held.push(end);
      else end();
    };
    cloud.onOther = (_, __, outgoing) =>
      cloud.json(outgoing, {
        totalCreditsBalanceUsd: balance,
        monthlyCreditsBalanceUsd: 0,
        additionalCreditsBalanceUsd: balance,
        rateLimit: 3,
        planInfo: null,
        projectId: id,
      });
    const options = { id: "stopped", store, budget: { usd: 0.2 }, concurrency: 3 };
    const first = begin(rowsOf(40), options, connect({ journal }));
    const results = collect(first);
    await cloud.when(() => cloud.executions.length === 3);
    isHeld = true;
    await cloud.when(() => held.length === 3);
    await first.cancel();
    await results;
    // The rows that ran are still running, and not charged, when the batch continues.
    const running = held.splice(0);
    isHeld = false;
    /** @type {ReturnType<typeof begin> | undefined} */
    let second;
    const onProgress = (/** @type {import("browser-use-skills/batch").BatchProgress} */ progress) => {
      if (progress.paused === "budget" && progress.running === 0) void second?.cancel();
    };
    // More, because the rows that still run take their places.
    const continuing = { ...options, concurrency: 6, onProgress };
    second = begin(rowsOf(40), continuing, connect({ journal }));
    const continued = collect(second);
    await cloud.when(() => cloud.executions.length >= 7);
    for (const end of running.splice(0)) end();
    await continued;
    assert.equal(cloud.executions.length, 10);
    assert.ok(10 - balance <= 0.2 + 1e-9, `${10 - balance} USD`);
  });

  test("reports failed rows, and repeats them only if asked to", async () => {
    let failures = 0;
    cloud.onExecute = ({ parameters, start, respond }) => {
      const execution = start();
      if (parameters.n === 1 && failures++ < 2)
        return respond(execution, 200, { success: false, error: "Blocked" });
      return respond(execution);
    };
    const [failed] = await collect(begin(rowsOf(2).slice(1)));
    assert.deepEqual(
      [failed?.status, failed?.error, failed?.output, failed?.attempts],
      ["failed", { code: "skill_execution", message: "Blocked" }, undefined, 1],
    );
    const [repeated] = await collect(begin(rowsOf(2).slice(1), { retryFailed: 2 }));
    assert.deepEqual([repeated?.status, repeated?.attempts, repeated?.output], ["done", 2, { n: 1 }]);
    assert.equal(cloud.executions.length, 3);
  });

  test("ends a row whose execution cannot be proved as unknown, with its candidates, and never runs it again", async () => {
    const { store, journal } = openPersistence();
    cloud.onExecute = ({ parameters, start, end, lose, respond }) => {
      if (parameters.n !== 1) return respond(start());
      end(start());
      return lose();
    };
    const options = { id: "shared", store, execute: { recover: { grace: 100 } } };
    const client = () => connect({ journal, sharedAccount: true });
    const unknown = await begin(rowsOf(3), options, client()).unknown();
    assert.deepEqual(
      unknown.map(({ index, status, row }) => [index, status, row]),
      [[1, "unknown", { n: 1 }]],
    );
    assert.deepEqual(unknown[0]?.error?.code, "ambiguous_execution");
    const own = cloud.executions.find(({ result }) => /** @type {Row} */ (result).n === 1);
    assert.ok(unknown[0]?.candidates?.some(({ id }) => id === own?.id));
    const again = await begin(rowsOf(3), options, client()).unknown();
    assert.deepEqual(again, unknown);
    assert.equal(cloud.executions.length, 3);
  });

  describe("validates rows before anything is paid:", () => {
    const invalid = [{ n: 0 }, { n: "one" }, { n: 2 }];
    for (const [validate, rows, index] of /** @type {const} */ ([
      ["first", invalid.slice(1), 0],
      ["all", invalid, 1],
    ])) {
      test(validate, async () => {
        const error = await failure(collect(begin(rows, { validate })));
        assert.equal(error.code, "invalid_request");
        assert.match(error.message, new RegExp(`^Row ${index}: .*parameters\\.n`));
        assert.equal(cloud.arrivals, 0);
      });
    }

    test("each", async () => {
      const results = await collect(begin(invalid, { validate: "each", ordered: true }));
      assert.deepEqual(
        results.map(({ status }) => status),
        ["done", "rejected", "done"],
      );
      assert.equal(results[1]?.error?.code, "invalid_request");
      assert.match(results[1]?.error?.message ?? "", /parameters\.n/);
      assert.deepEqual(executed().sort(), [0, 2]);
    });

    test("rows that can be read only once cannot all be read first", async () => {
      function* once() {
        yield* rowsOf(3);
      }
      assert.throws(() => begin(once(), { validate: "all" }), /read only once/);
      assert.equal(cloud.arrivals, 0);
      assert.equal((await collect(begin(once()))).length, 3);
    });
  });

  for (const count of [0, 2]) {
    test(`ends with what the rows throw after ${count}, and continues once they are repaired`, async () => {
      const { store, journal } = openPersistence();
      const broken = new Error("a line is not JSON");
      async function* rows() {
        yield* rowsOf(count);
        throw broken;
      }
      const run = begin(rows(), { id: "r", store }, connect({ journal }));
      assert.equal(await collect(run).catch((error) => error), broken);
      assert.equal((await collect(begin(rowsOf(3), { id: "r", store }, connect({ journal })))).length, 3);
      assert.deepEqual(executed().sort(), [0, 1, 2]);
    });
  }

  test("ends with what `parameters` throws", async () => {
    const broken = new Error("no such column");
    const parameters = () => {
      throw broken;
    };
    for (const validate of /** @type {const} */ (["first", "all", "each"])) {
      const error = await collect(begin(rowsOf(2), { parameters, validate })).catch((error) => error);
      assert.equal(error, broken, validate);
    }
  });

  test("reads rows as it proceeds, and closes them when it is stopped", async () => {
    let read = 0;
    let isClosed = false;
    async function* endless() {
      try {
        for (;;) yield { n: read++ };
      } finally {
        isClosed = true;
      }
    }
    let count = 0;
    for await (const _ of begin(endless(), { concurrency: 2 })) if (++count === 20) break;
    assert.ok(isClosed);
    assert.ok(read < 20 + 150, `${read} rows were read`);
  });

  test("rejects parameters that have changed since a row was started", async () => {
    const { store, journal } = openPersistence();
    await collect(begin(rowsOf(2), { id: "c", store }, connect({ journal })));
    const changed = begin([{ n: 0 }, { n: 7 }], { id: "c", store }, connect({ journal }));
    const error = await failure(collect(changed));
    assert.equal(error.code, "invalid_request");
    assert.match(error.message, /1/);
    assert.equal(cloud.executions.length, 2);
  });

  test("needs an id with a store", () => {
    assert.throws(() => begin(rowsOf(1), { store: openPersistence().store }), /needs an id/);
  });

  test("pauses and continues", async () => {
    const run = begin(rowsOf(8), { concurrency: 1 });
    /** @type {(string | undefined)[]} */
    const reasons = [];
    const results = [];
    for await (const result of run) {
      results.push(result);
      if (results.length === 3) {
        run.pause();
        // Everything that was started ends.
        await new Promise((resolve) => setImmediate(resolve));
        const before = cloud.arrivals;
        await cloud.executions.at(-1);
        reasons.push(String(cloud.arrivals - before));
        run.continue();
      }
    }
    assert.deepEqual([results.length, reasons], [8, ["0"]]);
  });

  test("an aborted batch ends with the reason", async () => {
    const controller = new AbortController();
    const reason = new Error("left the page");
    const run = begin(rowsOf(50), { signal: controller.signal, concurrency: 1 });
    const results = [];
    const error = await (async () => {
      for await (const result of run) {
        results.push(result);
        if (results.length === 2) controller.abort(reason);
      }
    })().catch((error) => error);
    assert.equal(error, reason);
    assert.ok(cloud.executions.length < 50);
  });

  test("exports CSV, which no spreadsheet takes for formulas, and NDJSON", async () => {
    const run = begin([{ n: 1, "shop, name": '=HYPERLINK("x")' }], { parameters: ({ n }) => ({ n }) });
    assert.equal(
      await run.toCsv(),
      'n,"shop, name",index,status,executionId,error,output\n1,"\'=HYPERLINK(""x"")",0,done,,,"{""n"":1}"\n',
    );
    const [line = "", end] = (await run.toNdjson()).split("\n");
    assert.equal(end, "");
    const { index, row, status, output } = JSON.parse(line);
    assert.deepEqual([index, row.n, status, output], [0, 1, "done", { n: 1 }]);
    assert.equal(cloud.executions.length, 1, "the second iteration returns what the first has stored");
  });

  test("shares the limit of its client with other calls", async () => {
    const client = connect({ maxConcurrent: 2 });
    cloud.onExecute = ({ start, respond }) => {
      const execution = start();
      setImmediate(() => respond(execution));
    };
    const calls = Promise.all(rowsOf(10).map((parameters) => client.skills.execute(id, { parameters })));
    await Promise.all([calls, collect(begin(rowsOf(10), { concurrency: 8 }, client))]);
    assert.ok(cloud.peak <= 2, `${cloud.peak} at once`);
    assert.equal(cloud.executions.length, 20);
  });
});
