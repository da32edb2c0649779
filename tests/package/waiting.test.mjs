// @ts-check
/** Waiting for a generation, and iterating over pages, with the emulator in the same process. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { failure } from "../lib/failure.mjs";
import { importPackage } from "../lib/package.mjs";

const WISH = { goal: "Titles", agentPrompt: "Open news.example.com and read the titles" };

describe("waiting and paging", () => {
  /** @type {Awaited<ReturnType<typeof importPackage>>} */
  let installed;
  /** @type {typeof installed.library} */
  let library;
  /** @type {typeof installed.emulation} */
  let emulation;
  before(async () => {
    installed = await importPackage();
    ({ library, emulation } = installed);
  });
  after(() => installed?.remove());

  /** @param {import("browser-use-skills/emulator").EmulatorSettings} [settings] */
  const begin = (settings) => {
    const emulator = emulation.createEmulator(settings);
    return { emulator, client: new library.BrowserUse({ apiKey: "bu_1", fetch: emulator.fetch }) };
  };

  test("createAndWait resolves to the finished skill, and reports every status", async () => {
    const { client, emulator } = begin({ generationMs: 60_000 });
    /** @type {string[]} */
    const statuses = [];
    const onStatus = (/** @type {string} */ status) => {
      statuses.push(status);
      emulator.advance(30_000);
      throw new Error("ignored");
    };
    const skill = await client.skills.createAndWait(WISH, { onStatus });
    assert.equal(skill.status, "finished");
    assert.deepEqual(statuses, ["recording", "generating", "finished"]);
  });

  test("a failed generation rejects with the skill", async () => {
    const { client } = begin({ generationMs: 0 });
    const error = await failure(client.skills.createAndWait({ ...WISH, goal: "[fail]" }));
    assert.ok(error instanceof library.SkillGenerationError);
    assert.equal(error.code, "skill_generation");
    assert.deepEqual([error.maybeExecuted, error.retryable], [true, false], "the creation was paid for");
    assert.equal(/** @type {any} */ (error.body).status, "failed");
    assert.match(error.stack ?? "", /createAndWait|waiting\.test\.mjs/);
  });

  test("refineAndWait resolves to the next version", async () => {
    const { client } = begin({ generationMs: 0 });
    const { id } = await client.skills.createAndWait(WISH);
    const refined = await client.skills.refineAndWait(id, { feedback: "Read the dates too" });
    assert.equal(refined.currentVersion, 2);
  });

  test("the options of a request apply to every request of a wait", async () => {
    /** @type {string[]} */
    const sent = [];
    const emulator = emulation.createEmulator({ generationMs: 0 });
    /** @type {import("browser-use-skills").FetchLike} */
    const fetch = (url, init) => {
      const { pathname, search } = new URL(url);
      const operation = pathname
        .split("/")
        .at(-1)
        ?.replace(/^[-0-9a-f]{36}$/, "<id>");
      sent.push(`${init.method} ${operation}${search} ${init.headers["x-user"]} ${init.body ?? ""}`);
      return emulator.fetch(url, init);
    };
    const client = new library.BrowserUse({ apiKey: "bu_1", fetch });
    const headers = { "x-user": "7" };
    const extraBody = { tone: "terse" };
    const { id } = await client.skills.createAndWait(WISH, { headers, extraBody });
    await client.skills.refineAndWait(id, { feedback: "Read the dates too" }, { headers, extraBody });
    await client.skills.waitUntilFinished(id, { headers, extraBody });
    const wish = JSON.stringify({ ...WISH, ...extraBody });
    assert.deepEqual(sent, [
      `POST skills 7 ${wish}`,
      "GET <id> 7 ",
      "GET <id> 7 ",
      'POST refine 7 {"feedback":"Read the dates too","tone":"terse"}',
      "GET <id> 7 ",
      "GET <id> 7 ",
    ]);
  });

  test("the signal and the limits of a wait apply to its first request", async () => {
    const fetch = () => new Promise(() => {});
    const { skills } = new library.BrowserUse({ apiKey: "bu_1", fetch });
    const signal = AbortSignal.abort("enough");
    for (const wait of [
      (/** @type {object} */ options) => skills.createAndWait(WISH, options),
      (/** @type {object} */ options) => skills.refineAndWait(uuid("a"), { feedback: "more" }, options),
      (/** @type {object} */ options) => skills.waitUntilFinished(uuid("a"), options),
    ]) {
      assert.equal(await failure(wait({ signal })), "enough");
      const { limit } = await failure(wait({ timeout: 1, maxRetries: 0 }));
      assert.equal(limit, "timeout");
      const late = await failure(wait({ totalTimeout: 1 }));
      assert.equal(late.limit, "totalTimeout");
    }
  });

  test("invalid options of a wait are rejected before credits are spent", async () => {
    const { client, emulator } = begin({ generationMs: 0 });
    for (const options of [{ waitTimeout: 0 }, { onStatus: "print" }, { waitTimeuot: 5 }]) {
      const wait = /** @type {any} */ (options);
      assert.equal((await failure(client.skills.createAndWait(WISH, wait))).code, "invalid_request");
      const refined = client.skills.refineAndWait(uuid("a"), { feedback: "more" }, wait);
      assert.equal((await failure(refined)).code, "invalid_request");
    }
    assert.deepEqual((await emulator.requests()).counts, {});
  });

  test("a wait ends at its limit or with its signal, and sends no more requests", async () => {
    const { client, emulator } = begin({ generationMs: 60_000 });
    const { id } = await client.skills.create(WISH);
    const late = await failure(client.skills.waitUntilFinished(id, { waitTimeout: 20 }));
    assert.deepEqual([late.code, late.limit], ["timeout", "waitTimeout"]);
    const controller = new AbortController();
    const onStatus = () => controller.abort("enough");
    const stopped = await failure(
      client.skills.waitUntilFinished(id, { signal: controller.signal, onStatus }),
    );
    assert.equal(stopped, "enough");
    assert.equal((await emulator.requests()).counts["skills.get"], 2);
  });

  test("watch yields statuses, and can be left", async () => {
    const { client } = begin({ generationMs: 0 });
    const { id } = await client.skills.create(WISH);
    const seen = [];
    for await (const skill of client.skills.watch(id)) seen.push(skill.status);
    assert.deepEqual(seen, ["finished"]);
    for await (const skill of client.skills.watch(id)) {
      assert.equal(skill.id, id);
      break;
    }
    const error = await failure(client.skills.watch("no uuid").next());
    assert.equal(error.code, "invalid_request");
  });

  test("shifted pages yield each item once, and iteration ends despite a wrong total", async () => {
    /** @param {(pageNumber: number) => { ids: string[], totalItems: number }} respond */
    const walk = async (respond) => {
      let requests = 0;
      const client = new library.BrowserUse({
        apiKey: "bu_1",
        fetch: async (url) => {
          requests += 1;
          const pageNumber = Number(new URL(url).searchParams.get("pageNumber") ?? 1);
          const { ids, totalItems } = respond(pageNumber);
          const items = ids.map((id) => execution(id));
          return new Response(JSON.stringify({ items, totalItems, pageNumber, pageSize: 2 }));
        },
      });
      const found = [];
      for await (const { id } of client.skills.executions(uuid("a"))) found.push(id.slice(-1));
      return { found: found.join(""), requests };
    };
    // A new execution shifted the list while the first page was read.
    const shifted = await walk((page) => ({ ids: page === 1 ? ["1", "2"] : ["2", "3"], totalItems: 4 }));
    assert.deepEqual(shifted, { found: "123", requests: 2 });
    const stuck = await walk(() => ({ ids: ["1", "2"], totalItems: 1_000_000 }));
    assert.deepEqual(stuck, { found: "12", requests: 2 });
    const empty = await walk((page) => ({ ids: page === 1 ? ["1", "2"] : [], totalItems: 9 }));
    assert.deepEqual(empty, { found: "12", requests: 2 });
  });
});

/** @param {string} digit */
function uuid(digit) {
  return `00000000-0000-4000-8000-00000000000${digit}`;
}

/** @param {string} digit */
function execution(digit) {
  const startedAt = "2026-01-01T00:00:00Z";
  const rest = { skillId: uuid("a"), status: "running", success: false, hasOutput: false };
  return { id: uuid(digit), ...rest, startedAt, finishedAt: null, latencyMs: null };
}
