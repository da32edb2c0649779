// @ts-check
/**
 * The failure scenarios of rules R1 to R6 (ARCHITECTURE.md, "Recovery") with the packed client in Chromium and a server
 * with controlled order and timing. Each test asserts that its faults were injected.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { CRASHING } from "../../scripts/build.mjs";
import { root } from "../../scripts/lib/run.mjs";
import { serveFolder } from "../../scripts/serve.mjs";
import { launchBrowser } from "../lib/browser.mjs";
import { startLossyCloud } from "../lib/lossy-cloud.mjs";
import { installPackage } from "../lib/package.mjs";

/** How long a lost execution may take to be listed in these tests, in milliseconds. */
const GRACE = 1_000;
/** Less than the grace period. */
const LAG = 500;

describe("the identity of paid executions", () => {
  /** @type {Awaited<ReturnType<typeof startLossyCloud>>} */
  let cloud;
  /** @type {Awaited<ReturnType<typeof installPackage>>} */
  let installed;
  /** @type {Awaited<ReturnType<typeof serveFolder>>} */
  let site;
  /** @type {import("playwright-core").Browser} */
  let browser;
  /** The pages of one profile share IndexedDB and locks. @type {import("playwright-core").BrowserContext} */
  let profile;
  before(async () => {
    [cloud, installed, browser] = await Promise.all([startLossyCloud(), installPackage(), launchBrowser()]);
    site = await serveFolder({
      mounts: { "/": join(root, "tests/site"), "/package/": installed.packageFolder, "/crashing/": CRASHING },
    });
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    await cloud?.close();
    await installed?.remove();
  });
  beforeEach(async () => {
    cloud.reset();
    profile = await browser.newContext();
  });
  afterEach(() => profile?.close());

  const open = async () => {
    const page = await profile.newPage();
    await page.goto(site.url);
    return page;
  };
  /** @template {object} More @param {More} [more] */
  const given = (more) => ({ baseUrl: cloud.baseUrl, grace: GRACE, .../** @type {More} */ (more) });

  /**
   * Executes with `recover` in a page, and returns the outcome.
   *
   * @param {import("playwright-core").Page} page
   * @param {number} n - The parameter, which is also the result.
   * @param {{ grace?: number, tag?: string, delivers?: boolean, options?: object, client?: object, timeout?: number, id?: string }} [how]
   * @returns {Promise<any>}
   */
  const execute = (page, n, { grace = GRACE, tag, delivers = true, ...how } = {}) =>
    page.evaluate(
      async ({ baseUrl, n, grace, tag, delivers, options, client, id }) => {
        // @ts-expect-error: a URL path of the test site.
        const { connect, outcome, SKILL } = await import("/runs.js");
        const deliver = delivers ? () => {} : undefined;
        const recover = { grace, tag, deliver };
        const call = connect(baseUrl, client).skills.execute(
          id ?? SKILL,
          { parameters: { n } },
          { recover, ...options },
        );
        return outcome(call);
      },
      { baseUrl: cloud.baseUrl, n, grace, tag, delivers, ...how },
    );

  /** @param {import("playwright-core").Page} page @param {object} [options] @returns {Promise<any[]>} */
  const resume = (page, options = {}) =>
    page.evaluate(
      async ({ baseUrl, options }) => {
        // @ts-expect-error: a URL path of the test site.
        const { connect, resumeAll } = await import("/runs.js");
        return resumeAll(connect(baseUrl), options);
      },
      { baseUrl: cloud.baseUrl, options: { grace: GRACE, ...options } },
    );

  test("1: a lost run does not get the result of an earlier run that is listed late", async () => {
    cloud.lag = LAG;
    cloud.onExecute = ({ count, lose, respond, start }) => {
      if (count === 0) return respond(start());
      cloud.fire("lost before arrival");
      const [first] = cloud.executions;
      if (first && first.listedAt > Date.now()) cloud.fire("the first is not listed yet");
      lose();
    };
    const page = await open();
    assert.equal((await execute(page, 1)).value.result.n, 1);
    const second = await execute(page, 2, { grace: 2 * GRACE });
    assert.equal(second.maybeExecuted, false, JSON.stringify(second));
    assert.equal(cloud.executions.length, 1);
    assert.equal(cloud.fired["lost before arrival"], 1);
  });

  test("2: in a shared account, another user's execution is a candidate and not the result", async () => {
    cloud.onExecute = ({ lose, parameters }) => {
      cloud.fire("lost before arrival");
      cloud.executeForeign({ n: `not ${parameters.n}` });
      lose();
    };
    const page = await open();
    const found = await execute(page, 1, { client: { sharedAccount: true } });
    assert.equal(found.name, "AmbiguousExecutionError", JSON.stringify(found));
    assert.deepEqual([found.maybeExecuted, found.candidates], [true, cloud.executions.map(({ id }) => id)]);
    const output = await page.evaluate(
      async ({ baseUrl, id }) => {
        // @ts-expect-error: a URL path of the test site.
        const { connect, SKILL } = await import("/runs.js");
        return connect(baseUrl).skills.executionResult(SKILL, id);
      },
      { ...given(), id: found.candidates[0] },
    );
    assert.deepEqual(output.result, { n: "not 1" });
    assert.deepEqual(cloud.fired, { "lost before arrival": 1, foreign: 1 });
  });

  test("2: in a shared account, accept recognizes the execution of the run", async () => {
    cloud.onExecute = ({ lose, parameters, respond, start }) => {
      cloud.executeForeign({ n: `not ${parameters.n}` });
      respond(start(), 504, {});
      cloud.fire("lost after arrival");
      lose();
    };
    const page = await open();
    const result = await page.evaluate(async ({ baseUrl, grace }) => {
      // @ts-expect-error: a URL path of the test site.
      const { connect, outcome, SKILL } = await import("/runs.js");
      const accept = (/** @type {any} */ result) => result.n === 1;
      const client = connect(baseUrl, { sharedAccount: true });
      return outcome(client.skills.execute(SKILL, { parameters: { n: 1 } }, { recover: { accept, grace } }));
    }, given());
    assert.deepEqual(result.value?.result, { n: 1 }, JSON.stringify(result));
    assert.deepEqual(cloud.fired, { "lost after arrival": 1, foreign: 1 });
  });

  test("3: a run that never arrived does not get the result of a later one", async () => {
    cloud.onExecute = ({ count, lose, respond, start }) => {
      if (count > 0) return respond(start());
      cloud.fire("lost before arrival");
      lose();
    };
    const first = await open();
    execute(first, 1, { tag: "A" }).catch(() => {});
    await cloud.when(() => cloud.fired["lost before arrival"] === 1);
    await first.close();
    const second = await open();
    assert.equal((await execute(second, 2, { tag: "B" })).value.result.n, 2);
    const [resumed, ...others] = await resume(second);
    assert.equal(others.length, 0);
    assert.deepEqual([resumed.tag, resumed.maybeExecuted], ["A", false], JSON.stringify(resumed));
    assert.equal(cloud.executions.length, 1);
  });

  test("4: at most one of two open entries gets the only execution", async () => {
    const page = await open();
    const sentAt = Date.now();
    cloud.executeForeign({ n: 1 });
    await page.evaluate(
      async ({ sentAt }) => {
        const { indexedDbJournal } = await import("browser-use-skills/journal");
        // @ts-expect-error: a URL path of the test site.
        const { SKILL } = await import("/runs.js");
        const entry = { skillId: SKILL, known: [], sentAt };
        const entries = [
          { ...entry, id: "one", tag: "A" },
          { ...entry, id: "other", tag: "B" },
        ];
        await indexedDbJournal().set("browser-use-skills.executions", JSON.stringify(entries));
      },
      { sentAt },
    );
    const resumed = await resume(page);
    assert.deepEqual(resumed.map(({ tag }) => tag).sort(), ["A", "B"]);
    const had = resumed.filter(({ value }) => value);
    assert.ok(had.length <= 1, JSON.stringify(resumed));
    for (const { maybeExecuted, name } of resumed.filter(({ value }) => !value)) {
      if (had.length === 0) assert.deepEqual([name, maybeExecuted], ["AmbiguousExecutionError", true]);
    }
  });

  for (const name of ["a signal", "totalTimeout"]) {
    test(`5: an execution stays in the journal after ${name} ends the wait for it`, async () => {
      /** @type {() => void} */
      let end = () => {};
      cloud.onExecute = ({ respond, start }) => {
        const execution = start();
        end = () => respond(execution);
        cloud.fire("held");
      };
      const page = await open();
      const ending = page.evaluate(
        async ({ baseUrl, grace, totalTimeout }) => {
          // @ts-expect-error: a URL path of the test site.
          const { connect, outcome, SKILL } = await import("/runs.js");
          const controller = new AbortController();
          Object.assign(globalThis, { controller });
          const { signal } = controller;
          const options = { recover: { grace, tag: "mine" }, signal, totalTimeout };
          return outcome(connect(baseUrl).skills.execute(SKILL, { parameters: { n: 1 } }, options));
        },
        given({ totalTimeout: name === "totalTimeout" ? 2_000 : undefined }),
      );
      await cloud.when(() => cloud.fired.held === 1);
      if (name === "a signal") await page.evaluate(() => /** @type {any} */ (globalThis).controller.abort());
      assert.match((await ending).name, /^(Abort|Timeout)Error$/);
      end();
      const [resumed] = await resume(page);
      assert.deepEqual([resumed?.tag, resumed?.value?.result], ["mine", { n: 1 }], JSON.stringify(resumed));
      assert.equal(cloud.arrivals, 1);
    });
  }

  for (const fault of ["a time limit", "a lost network"]) {
    test(`6: createAndWait reports the id of the paid skill after ${fault}`, async () => {
      const id = "3c90c3cc-0d44-4b50-8888-8dd25736052b";
      cloud.onOther = (method, _, outgoing) => {
        if (method === "POST") return cloud.json(outgoing, { id }, 202);
        cloud.fire(fault);
        if (fault === "a lost network") return outgoing.destroy();
      };
      const page = await open();
      const { created, ...error } = await page.evaluate(async (baseUrl) => {
        // @ts-expect-error: a URL path of the test site.
        const { connect, outcome } = await import("/runs.js");
        /** @type {string[]} */
        const created = [];
        const onCreated = (/** @type {string} */ id) => created.push(id);
        const options = { waitTimeout: 500, maxRetries: 0, onCreated };
        const wish = { goal: "Titles", agentPrompt: "Open example.com and read the titles" };
        return { ...(await outcome(connect(baseUrl).skills.createAndWait(wish, options))), created };
      }, cloud.baseUrl);
      assert.deepEqual(
        [created, error.skillId, error.maybeExecuted],
        [[id], id, true],
        JSON.stringify(error),
      );
      assert.equal(error.code, fault === "a lost network" ? "network" : "timeout");
      assert.ok(cloud.fired[fault]);
    });
  }

  test("7: after a trap of the WebAssembly, a paid call may have executed and keeps its entry", async () => {
    /** @type {() => void} */
    let end = () => {};
    cloud.onExecute = ({ respond, start }) => {
      const execution = start();
      end = () => respond(execution);
      cloud.fire("held");
    };
    const page = await open();
    const running = page.evaluate(async ({ baseUrl, grace }) => {
      // @ts-expect-error: a URL path of the test site.
      const library = await import("/crashing/index.js");
      await library.BrowserUse.load(fetch("/crashing/browser_use_skills_bg.wasm"));
      await library.BrowserUse.loadExtra(fetch("/crashing/browser_use_skills_extra_bg.wasm"));
      const { indexedDbJournal } = await import("browser-use-skills/journal");
      // @ts-expect-error: a URL path of the test site.
      const { outcome, SKILL } = await import("/runs.js");
      const client = new library.BrowserUse({ apiKey: "bu_1", baseUrl, journal: indexedDbJournal() });
      const recover = { grace, tag: "mine" };
      const call = outcome(client.skills.execute(SKILL, { parameters: { n: 1 } }, { recover }));
      Object.assign(globalThis, { trap: library.panicLater });
      return call;
    }, given());
    const early = running.then((/** @type {unknown} */ found) => assert.fail(JSON.stringify(found)));
    await Promise.race([early, cloud.when(() => cloud.fired.held === 1)]);
    early.catch(() => {});
    await page.evaluate(() => /** @type {any} */ (globalThis).trap());
    const error = await running;
    assert.deepEqual([error.code, error.maybeExecuted, error.retryable], ["internal", true, false]);
    end();
    const [resumed] = await resume(page);
    assert.deepEqual([resumed?.tag, resumed?.value?.result], ["mine", { n: 1 }], JSON.stringify(resumed));
    assert.equal(cloud.arrivals, 1);
  });

  test("8: no paid request is sent after totalTimeout, even if the page was blocked", async () => {
    const page = await open();
    const { late, ...error } = await page.evaluate(async (baseUrl) => {
      // @ts-expect-error: a URL path of the test site.
      const { BrowserUse, connect, outcome, SKILL } = await import("/runs.js");
      await BrowserUse.load();
      let late = 0;
      // Blocks the page beyond the limit, so that no timer fires.
      const apiKey = () => {
        late += 1;
        const end = performance.now() + 300;
        while (performance.now() < end);
        return "bu_1";
      };
      const { skills } = connect(baseUrl, { apiKey });
      return { ...(await outcome(skills.execute(SKILL, {}, { totalTimeout: 100 }))), late };
    }, cloud.baseUrl);
    assert.equal(late, 1);
    assert.deepEqual([error.limit, error.maybeExecuted], ["totalTimeout", false], JSON.stringify(error));
    assert.equal(cloud.arrivals, 0);
  });

  test("9: a 503 with retry_after_seconds in its body is not retried", async () => {
    cloud.onExecute = ({ respond, start }) => {
      cloud.fire("503");
      respond(start(), 503, { detail: "busy", retry_after_seconds: 0 });
    };
    const page = await open();
    const error = await page.evaluate(async (baseUrl) => {
      // @ts-expect-error: a URL path of the test site.
      const { connect, outcome, SKILL } = await import("/runs.js");
      return outcome(connect(baseUrl).skills.execute(SKILL));
    }, cloud.baseUrl);
    assert.deepEqual([error.code, error.maybeExecuted, error.retryable], ["server", true, false]);
    assert.deepEqual([cloud.arrivals, cloud.executions.length, cloud.fired["503"]], [1, 1, 1]);
  });

  for (const id of ["3C90C3CC-0D44-4B50-8888-8DD25736052A", "{3c90c3cc-0d44-4b50-8888-8dd25736052a}"]) {
    for (const tabs of [1, 2]) {
      test(`10: ${id} is the same skill, in ${tabs === 1 ? "one tab" : "two tabs"}`, async () => {
        cloud.lag = LAG;
        cloud.onExecute = ({ count, lose, start }) => {
          const shown = cloud.executions.filter(({ listedAt }) => listedAt <= Date.now()).length;
          if (count === 1 && shown === 1) cloud.fire("second after the first was listed");
          start().finishedAt = Date.now();
          cloud.fire("lost after arrival");
          lose();
        };
        const page = await open();
        const other = tabs === 1 ? page : await open();
        const found = await Promise.all([execute(page, 1), execute(other, 2, { id })]);
        assert.deepEqual(
          found.map(({ value }) => value?.result),
          [{ n: 1 }, { n: 2 }],
          JSON.stringify(found),
        );
        assert.equal(cloud.fired["lost after arrival"], 2);
        assert.equal(cloud.fired["second after the first was listed"], 1);
      });
    }
  }

  test("11: an execution that never ends does not block later runs", async () => {
    cloud.onExecute = ({ count, lose, respond, start }) => {
      const execution = start();
      if (count > 0) return respond(execution);
      cloud.fire("never ends");
      lose();
    };
    const page = await open();
    const first = execute(page, 1, { options: { totalTimeout: 3_000 } });
    await cloud.when(() => cloud.fired["never ends"] === 1);
    for (const n of [2, 3]) assert.equal((await execute(page, n)).value.result.n, n);
    const error = await first;
    assert.deepEqual([error.maybeExecuted, error.executionId], [true, cloud.executions[0]?.id]);
  });

  test("11: an execution that is no longer on the first page is found", async () => {
    /** @type {import("../lib/lossy-cloud.mjs").Execution | undefined} */
    let execution;
    cloud.onExecute = ({ count, lose, respond, start }) => {
      if (count > 0) return respond(start());
      execution = start();
      cloud.fire("lost");
      lose();
    };
    const page = await open();
    const first = execute(page, 1);
    // Otherwise the second run might be the first to arrive, and never end.
    await cloud.when(() => cloud.fired.lost === 1);
    // The second run starts only after the first one has claimed it.
    assert.equal((await execute(page, 2)).value.result.n, 2);
    for (let n = 0; n < 150; n += 1) cloud.executeForeign({ n: "foreign" });
    if (execution) execution.finishedAt = Date.now();
    assert.equal((await execute(page, 3)).value.result.n, 3);
    const found = await first;
    assert.deepEqual(found.value?.result, { n: 1 }, JSON.stringify(found));
    assert.equal(cloud.fired.foreign, 150);
  });

  test("12: runs of one skill overlap", async (context) => {
    // Chromium opens six connections to an HTTP/1.1 server, of which lists need one.
    const most = 4;
    cloud.lag = 100;
    /** @type {Array<() => void>} */
    const held = [];
    // The first runs end only after this many run concurrently.
    cloud.onExecute = ({ respond, start }) => {
      const execution = start();
      held.push(() => respond(execution));
      if (cloud.peak === most) for (const end of held.splice(0)) end();
    };
    const page = await open();
    const results = await page.evaluate(async ({ baseUrl, grace, most }) => {
      // @ts-expect-error: a URL path of the test site.
      const { connect, outcome, SKILL } = await import("/runs.js");
      const { skills } = connect(baseUrl, { maxConcurrent: most });
      const recover = { deliver: () => {}, grace };
      const run = async (/** @type {number} */ n) => {
        const { value } = await outcome(skills.execute(SKILL, { parameters: { n } }, { recover }));
        return value?.result.n === n;
      };
      return Promise.all(Array.from({ length: 2 * most }, (_, n) => run(n)));
    }, given({ most }));
    assert.ok(results.every((isRight) => isRight));
    assert.deepEqual([cloud.peak, cloud.executions.length], [most, 2 * most]);
    const lists = cloud.log.filter((line) => line.startsWith("list")).length;
    context.diagnostic(`${lists} list requests for ${2 * most} runs`);
  });

  test("13: a page that ends between receiving and storing a response leaves it to the next page", async () => {
    const first = await open();
    const delivering = first.evaluate(async ({ baseUrl, grace }) => {
      // @ts-expect-error: a URL path of the test site.
      const { connect, SKILL } = await import("/runs.js");
      await new Promise((reached) => {
        const recover = { tag: "mine", grace, deliver: () => new Promise(() => reached(undefined)) };
        connect(baseUrl).skills.execute(SKILL, { parameters: { n: 1 } }, { recover });
      });
    }, given());
    await delivering;
    await first.close({ runBeforeUnload: false });
    const second = await open();
    const [resumed, ...others] = await resume(second);
    assert.equal(others.length, 0);
    assert.deepEqual([resumed?.tag, resumed?.value?.result], ["mine", { n: 1 }], JSON.stringify(resumed));
    assert.deepEqual([cloud.arrivals, cloud.executions.length], [1, 1]);
  });

  test("13: a worker that dies after receiving a response leaves it to a page", async () => {
    const page = await open();
    await page.evaluate(async ({ baseUrl, grace }) => {
      const source = `
        import { BrowserUse } from "${location.origin}/package/index.js";
        import { indexedDbJournal } from "${location.origin}/package/journal.js";
        const client = new BrowserUse({ apiKey: "bu_1", baseUrl: "${baseUrl}", journal: indexedDbJournal() });
        const deliver = () => new Promise(() => postMessage("delivering"));
        const recover = { tag: "mine", grace: ${grace}, deliver };
        client.skills.execute("3c90c3cc-0d44-4b50-8888-8dd25736052a", { parameters: { n: 1 } }, { recover });`;
      const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
      const worker = new Worker(url, { type: "module" });
      await new Promise((resolve) => {
        worker.onmessage = resolve;
      });
      worker.terminate();
    }, given());
    const [resumed] = await resume(page);
    assert.deepEqual([resumed?.tag, resumed?.value?.result], ["mine", { n: 1 }], JSON.stringify(resumed));
    assert.equal(cloud.arrivals, 1);
  });

  test("14: undeclared nulls, fields and statuses do not disable recovery", async () => {
    cloud.view = ({ finishedAt }) => {
      cloud.fire("undeclared");
      return { success: finishedAt === undefined ? null : true, skillId: null, mood: {}, status: "archived" };
    };
    cloud.onExecute = ({ lose, start }) => {
      start().finishedAt = Date.now();
      cloud.fire("lost after arrival");
      lose();
    };
    const page = await open();
    const found = await execute(page, 1);
    assert.deepEqual(found.value?.result, { n: 1 }, JSON.stringify(found));
    assert.ok(cloud.fired.undeclared && cloud.fired["lost after arrival"] === 1);
  });

  // Runs whose response arrived before they were listed cannot be distinguished from the lost one.
  test("two tabs that run one skill concurrently each get the results of their own runs", async () => {
    cloud.lag = 50;
    const isOwn = (/** @type {number} */ count) => count % 3 !== 1;
    cloud.order = (list) => list.toSorted((one, other) => other.startedAt - one.startedAt);
    cloud.onExecute = ({ count, lose, respond, start }) => {
      const execution = start();
      if (isOwn(count)) return respond(execution);
      execution.finishedAt = Date.now();
      cloud.fire("lost after arrival");
      lose();
    };
    const pages = await Promise.all([open(), open()]);
    const runs = pages.flatMap((page, tab) => [1, 2, 3, 4, 5].map((n) => ({ page, n: 10 * tab + n })));
    const found = await Promise.all(runs.map(({ page, n }) => execute(page, n, { grace: 5_000 })));
    assert.deepEqual(
      found.map(({ value, text }) => value?.result?.n ?? text),
      runs.map(({ n }) => n),
    );
    assert.deepEqual([cloud.executions.length, cloud.fired["lost after arrival"]], [10, 3]);
  });

  test("two tabs that resume concurrently deliver each run once", async () => {
    /** @type {Array<() => void>} */
    const ends = [];
    cloud.onExecute = ({ respond, start }) => {
      const execution = start();
      ends.push(() => respond(execution));
    };
    const first = await open();
    const count = 4;
    for (let n = 0; n < count; n += 1) execute(first, n, { tag: `run ${n}` }).catch(() => {});
    await cloud.when(() => cloud.arrivals === count);
    await first.close();
    for (const end of ends) end();
    const tabs = await Promise.all([open(), open()]);
    const resumed = await Promise.all(
      tabs.map((tab) =>
        tab.evaluate(async ({ baseUrl, grace }) => {
          // @ts-expect-error: a URL path of the test site.
          const { connect } = await import("/runs.js");
          /** @type {unknown[]} */
          const delivered = [];
          const deliver = (/** @type {any} */ { result }) => void delivered.push(result.n);
          const runs = await connect(baseUrl).resume({ deliver, grace });
          await Promise.allSettled(runs.map((/** @type {any} */ { result }) => result));
          return delivered;
        }, given()),
      ),
    );
    assert.deepEqual(resumed.flat().sort(), [0, 1, 2, 3], JSON.stringify(resumed));
    assert.equal(cloud.arrivals, count);
    assert.deepEqual(await resume(/** @type {any} */ (tabs[0])), []);
  });
});
