// @ts-check
/** `npm run bench:batch`: runs a skill for a thousand rows with several programs, and counts what was lost and paid twice. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { isMain, root } from "../../scripts/lib/run.mjs";
import { random } from "../../tests/lib/batch-proof.mjs";
import { startLossyCloud } from "../../tests/lib/lossy-cloud.mjs";

/**
 * A row, which is also the parameters of its run. The result of a run is its parameters.
 *
 * @typedef {{ n: number }} Row
 */

/**
 * The function `run` of a program: runs the skill for each row and reports each result. Resolves once no row is left to run.
 *
 * @typedef {(input: Input, onResult: (row: Row, result: any) => void) => Promise<void>} Program
 *
 * @typedef {object} Input
 * @property {string} baseUrl
 * @property {string} apiKey
 * @property {string} skillId
 * @property {Row[]} rows
 * @property {number} concurrency
 * @property {string} folder - For files that outlive the process.
 */

/**
 * What happens to the requests and to the process.
 *
 * @typedef {object} World
 * @property {number} lost - Probability that the response of an execution is lost.
 * @property {number} refused - Probability that a request gets a 429 and is not executed.
 * @property {number} kills - How often the process is killed and started again.
 */

/** @type {Record<string, World>} */
const WORLDS = {
  "no faults": { lost: 0, refused: 0, kills: 0 },
  "30 % of responses lost, 3 % refused with 429": { lost: 0.3, refused: 0.03, kills: 0 },
  "the same, and the process killed twice": { lost: 0.3, refused: 0.03, kills: 2 },
};

const EXECUTION_MS = 300;
const CONCURRENCY = 10;
const SKILL = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
const FOLDER = join(root, "target", "bench", "batch");

const HELP = `Usage: npm run bench:batch -- [program…] [--rows <number>]

Runs a skill for 1,000 rows, ${CONCURRENCY} at once, ${EXECUTION_MS} ms each, against a server that loses responses. Prints a table in Markdown.`;

/** @param {string} program @param {World} world @param {number} count */
async function measure(program, world, count) {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const cloud = await startLossyCloud();
  const requests = { count: 0 };
  const chance = random(7);
  cloud.onRequest = () => {
    requests.count += 1;
  };
  cloud.onExecute = async (arrival) => {
    if (chance() < world.refused) {
      cloud.fire("429");
      return arrival.refuse(429, { detail: "Too many concurrent active sessions" }, { "retry-after": "1" });
    }
    const isLost = chance() < world.lost;
    const execution = arrival.start();
    await setTimeout(EXECUTION_MS);
    if (!isLost) return arrival.respond(execution);
    cloud.fire("lost");
    arrival.end(execution);
    arrival.lose();
  };
  const rows = Array.from({ length: count }, (_, n) => ({ n }));
  const input = {
    baseUrl: cloud.baseUrl,
    apiKey: "bu_1",
    skillId: SKILL,
    rows,
    concurrency: CONCURRENCY,
    folder: FOLDER,
  };
  const file = join(FOLDER, "results.ndjson");
  const start = () =>
    spawn(
      process.execPath,
      [
        join(import.meta.dirname, "in-node.mjs"),
        join(import.meta.dirname, `${program}.mjs`),
        JSON.stringify(input),
        file,
      ],
      { stdio: "inherit" },
    );
  const began = performance.now();
  for (let kill = 1; kill <= world.kills; kill++) {
    const child = start();
    const exit = once(child, "exit");
    const enough = cloud.when(() => cloud.executions.length >= (count * kill) / (world.kills + 1));
    await Promise.race([exit, enough]);
    if (child.kill("SIGKILL")) cloud.fire("kill");
    await exit;
  }
  await once(start(), "exit");
  const seconds = (performance.now() - began) / 1000;
  const results = (await readFile(file, "utf8")).trim().split("\n");
  /** @type {Array<{ n: number, result: any }>} */
  const parsed = results.map((line) => JSON.parse(line));
  const distinct = new Map(parsed.map(({ n, result }) => [n, result]));
  const executed = cloud.executions.map(({ result }) => /** @type {Row} */ (result).n);
  await cloud.close();
  return {
    right: [...distinct].filter(([n, result]) => result?.n === n).length,
    wrong: [...distinct].filter(([n, result]) => result?.n !== n).length,
    lost: new Set(executed.filter((n) => !distinct.has(n))).size,
    "not run": rows.filter(({ n }) => !executed.includes(n)).length,
    "paid twice": executed.length - new Set(executed).size,
    requests: requests.count,
    seconds: Math.round(seconds),
    faults: JSON.stringify(cloud.fired),
  };
}

/** The programs: the files that are neither of the runner. */
async function programNames() {
  const others = ["in-chromium.mjs", "run.mjs", "in-node.mjs", "limited.mjs", "files.mjs"];
  const files = await readdir(import.meta.dirname);
  return files
    .filter((file) => file.endsWith(".mjs") && !others.includes(file))
    .map((file) => file.replace(/\.mjs$/, ""));
}

if (isMain(import.meta.url)) {
  const options = { rows: { type: "string", default: "1000" }, help: { type: "boolean" } };
  const { values, positionals } = parseArgs({
    // @ts-expect-error: `type` is inferred as a string.
    options,
    allowPositionals: true,
  });
  if (values.help) console.log(HELP);
  else {
    const programs = positionals.length > 0 ? positionals : await programNames();
    for (const [name, world] of Object.entries(WORLDS)) {
      console.log(`\n### ${name}\n`);
      let isFirst = true;
      for (const program of programs) {
        const figures = await measure(program, world, Number(values.rows));
        if (isFirst) {
          console.log(`| program | ${Object.keys(figures).join(" | ")} |`);
          console.log(`|---|${"--:|".repeat(Object.keys(figures).length)}`);
        }
        isFirst = false;
        console.log(`| ${program} | ${Object.values(figures).join(" | ")} |`);
      }
    }
  }
}
