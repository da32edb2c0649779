// @ts-check
/** `npx browser-use-skills run`: a batch over a file, interrupted and continued by the same command. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { installed, installProgram, KEY, run } from "../lib/cli.mjs";
import { startLossyCloud } from "../lib/lossy-cloud.mjs";

const PARAMETERS = [
  { name: "n", type: "number", required: true },
  { name: "city", type: "string", required: false },
  { name: "tags", type: "array", required: false },
];

describe("run", () => {
  installProgram();
  /** @type {Awaited<ReturnType<typeof startLossyCloud>>} */
  let cloud;
  /** Balance of the account, in USD. */
  let balance = 1;
  /** The skill of a test: executions of other tests are not listed any more. */
  let id = "";
  before(async () => {
    cloud = await startLossyCloud();
  });
  after(() => cloud?.close());
  beforeEach(() => {
    cloud.reset();
    id = randomUUID();
    cloud.onOther = (_, path, outgoing) => cloud.json(outgoing, responseOf(path));
  });

  /** @param {string} path */
  const responseOf = (path) =>
    path.endsWith("/billing/account")
      ? {
          totalCreditsBalanceUsd: balance,
          monthlyCreditsBalanceUsd: 0,
          additionalCreditsBalanceUsd: 1,
          rateLimit: 4,
          planInfo: null,
          projectId: id,
        }
      : {
          id,
          title: "Numbers",
          description: "",
          slug: null,
          goal: null,
          agentPrompt: null,
          status: "finished",
          parameters: PARAMETERS,
          outputSchema: {},
          categories: [],
          domains: [],
          isPublic: false,
          isEnabled: true,
          currentVersion: 1,
          iconUrl: null,
          firstPublishedAt: null,
          lastPublishedAt: null,
          currentVersionStartedAt: null,
          currentVersionFinishedAt: null,
          code: null,
          clonedFromSkillId: null,
          createdAt: "2026-01-01T00:00:00Z",
          updatedAt: "2026-01-01T00:00:00Z",
        };

  /** @param {string} name */
  const pathOf = (name) => join(installed.projectFolder, name);
  /** @param {string} name @param {number} count */
  const writeRows = (name, count) =>
    writeFile(pathOf(name), `n,city\n${Array.from({ length: count }, (_, n) => `${n},Oslo\n`).join("")}`);
  /** @param {string[]} options */
  const runBatch = (...options) => run(["run", id, "--base-url", cloud.baseUrl, ...options]);
  const executed = () =>
    cloud.executions.map(({ result }) => /** @type {{ n: number }} */ (result).n).sort((a, b) => a - b);
  /** @param {string} name */
  const resultsOf = async (name) => {
    const lines = (await readFile(pathOf(name), "utf8")).trimEnd().split("\n");
    return lines.map((line) => JSON.parse(line)).sort((one, other) => one.index - other.index);
  };
  const numbers = (/** @type {number} */ count) => Array.from({ length: count }, (_, n) => n);

  test("runs every row of a CSV file, with the types of the parameters", async () => {
    await writeFile(pathOf("a.csv"), '\uFEFFn,city,tags\r\n1,"Łódź, ""PL""","[""x"", 2]"\r\n2,,\r\n');
    const { code, out, errors } = await runBatch("--in", "a.csv");
    assert.equal(code, 0, errors);
    assert.equal(out, "");
    assert.match(errors, /2 done; 2 executions\. Results: a\.results\.ndjson/);
    const results = await resultsOf("a.results.ndjson");
    assert.deepEqual(
      results.map(({ status, output }) => [status, output]),
      [
        ["done", { n: 1, city: 'Łódź, "PL"', tags: ["x", 2] }],
        ["done", { n: 2 }],
      ],
    );
  });

  test("reads NDJSON and writes CSV, which no spreadsheet takes for formulas", async () => {
    await writeFile(pathOf("b.ndjson"), '{"n":1,"city":"=1+1"}\n\n{"n":2,"ignored":true}\n');
    const { code, errors } = await runBatch("--in", "b.ndjson", "--out", "b.csv", "--parameters", "n,city");
    assert.equal(code, 0, errors);
    const [header, ...lines] = (await readFile(pathOf("b.csv"), "utf8")).trimEnd().split("\n");
    assert.equal(header, "n,city,index,status,executionId,error,output");
    assert.match(
      lines.find((line) => line.startsWith("1,")) ?? "",
      /^1,'=1\+1,0,done,[0-9a-f-]*,,"\{""n"":1,""city"":""=1\+1""\}"$/,
    );
  });

  for (const signal of /** @type {const} */ (["SIGINT", "SIGKILL"])) {
    test(`continues after ${signal} without paying for a row twice`, async () => {
      await writeRows("c.csv", 12);
      cloud.onExecute = ({ count, start, end, lose, respond }) => {
        const execution = start();
        if (count % 4 === 2) {
          cloud.fire("lost");
          end(execution);
          return lose();
        }
        setTimeout(() => respond(execution), 50);
      };
      const options = ["run", id, "--base-url", cloud.baseUrl, "--in", "c.csv", "--out", `${signal}.ndjson`];
      const program = join(installed.projectFolder, "node_modules", ".bin", "browser-use-skills");
      const child = spawn(process.execPath, [program, ...options, "--concurrency", "3"], {
        cwd: installed.projectFolder,
        env: { ...process.env, BROWSER_USE_API_KEY: KEY },
      });
      let errors = "";
      child.stderr.setEncoding("utf8").on("data", (part) => {
        errors += part;
      });
      const closed = new Promise((resolve) => child.on("close", (code) => resolve(code)));
      await cloud.when(() => cloud.arrivals >= 5);
      child.kill(signal);
      assert.equal(await closed, signal === "SIGINT" ? 130 : null, errors);
      if (signal === "SIGINT") assert.match(errors, /The same command continues/);
      const before = cloud.executions.length;
      assert.ok(before < 12, `${before} executions`);
      const { code, errors: report } = await runBatch(...options.slice(4), "--concurrency", "3");
      assert.equal(code, 0, report);
      assert.deepEqual(executed(), numbers(12));
      const results = await resultsOf(`${signal}.ndjson`);
      assert.deepEqual(
        results.map(({ index, status, output }) => [index, status, output.n]),
        numbers(12).map((n) => [n, "done", n]),
      );
      assert.ok((cloud.fired.lost ?? 0) > 0);
    });
  }

  test("stops at its budget, and continues with a higher one", async () => {
    await writeRows("d.csv", 6);
    const first = await runBatch("--in", "d.csv", "--budget", "4");
    assert.equal(first.code, 4, first.errors);
    assert.match(first.errors, /4 done; 4 executions[\s\S]*raise --budget/);
    const second = await runBatch("--in", "d.csv", "--budget", "6");
    assert.equal(second.code, 0, second.errors);
    assert.deepEqual(executed(), numbers(6));
  });

  test("stops at its budget in US dollars", async () => {
    await writeRows("u.csv", 9);
    cloud.onExecute = ({ start, respond }) => {
      balance -= 0.02;
      respond(start());
    };
    const { code, errors } = await runBatch("--in", "u.csv", "--budget-usd", "0.09", "--concurrency", "3");
    assert.equal(code, 4, errors);
    assert.match(errors, /4 done; 4 executions[\s\S]*raise --budget/);
    assert.equal(cloud.executions.length, 4);
  });

  test("pays for nothing if a row is invalid, and names the row", async () => {
    await writeFile(pathOf("e.csv"), "n\n1\ntwo\n");
    const { code, errors } = await runBatch("--in", "e.csv");
    assert.equal(code, 1);
    assert.match(errors, /Row 1: .*parameters\.n/);
    assert.equal(cloud.arrivals, 0);
  });

  test("reports failed rows with its exit code", async () => {
    await writeRows("f.csv", 2);
    cloud.onExecute = ({ parameters, start, respond }) =>
      parameters.n === 1 ? respond(start(), 200, { success: false, error: "Blocked" }) : respond(start());
    const { code, errors } = await runBatch("--in", "f.csv");
    assert.equal(code, 3);
    assert.match(errors, /^\[#+\] 2\/2 {2}1 failed {2}0 running/m);
    assert.match(errors, /1 done, 1 failed; 2 executions/);
    const [, failed] = await resultsOf("f.results.ndjson");
    assert.deepEqual(
      [failed.status, failed.error],
      ["failed", { code: "skill_execution", message: "Blocked" }],
    );
  });

  for (const [what, args, problem] of /** @type {const} */ ([
    ["no skill", ["--in", "a.csv"], /Name one skill/],
    ["no file", [randomUUID()], /--in is required/],
    ["an unknown format", [randomUUID(), "--in", "a.txt"], /must end in \.csv/],
    [
      "an invalid number",
      [randomUUID(), "--in", "a.csv", "--budget", "1.5"],
      /--budget must be a whole number/,
    ],
  ])) {
    test(`refuses ${what}`, async () => {
      const { code, errors } = await run(["run", ...args]);
      assert.equal(code, 2, errors);
      assert.match(errors, problem);
      assert.equal(cloud.arrivals, 0);
    });
  }

  test("refuses a second process with the same results", async () => {
    await writeRows("g.csv", 2);
    /** @type {(() => void)[]} */
    const held = [];
    cloud.onExecute = ({ start, respond }) => {
      const execution = start();
      held.push(() => respond(execution));
    };
    const first = runBatch("--in", "g.csv");
    await cloud.when(() => held.length > 0);
    const second = await runBatch("--in", "g.csv");
    assert.equal(second.code, 1);
    assert.match(second.errors, /Another process is running the batch/);
    cloud.onExecute = ({ start, respond }) => respond(start());
    for (const respond of held) respond();
    assert.equal((await first).code, 0);
    assert.deepEqual(executed(), [0, 1]);
  });

  test("reports a damaged file of its state, and pays for nothing", async () => {
    await writeRows("h.csv", 2);
    assert.equal((await runBatch("--in", "h.csv")).code, 0);
    await writeFile(pathOf("h.results.ndjson.batch/rows.ndjson"), "not JSON\n");
    const { code, errors } = await runBatch("--in", "h.csv");
    assert.equal(code, 1);
    assert.match(errors, /damaged/);
    assert.equal(cloud.executions.length, 2);
  });
});
