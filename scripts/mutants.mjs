// @ts-check
/** Mutation testing: changes the code of crates/core in one place at a time, and counts the changes that a unit test notices. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { capture, isMain, root, run } from "./lib/run.mjs";
import { toolEnvironment } from "./lib/tools.mjs";

const HELP = `Usage: node scripts/mutants.mjs <room>… [-- <option of cargo mutants>…]

Rooms: the folders of crates/core/src, such as policy and api. Fails if the tests notice less than the least score of a room.`;

const INSTALL = "cargo-mutants is missing: cargo install cargo-mutants --locked --root .tools";

/** The least part of its mutants that the tests of a room notice, in percent. */
const LEAST = 95;

const OUTCOMES = join(root, "target", "mutants.out", "outcomes.json");

/**
 * @typedef {"CaughtMutant" | "MissedMutant" | "Timeout" | "Unviable"} Summary
 * @typedef {{ scenario: "Baseline" | { Mutant: { file: string } }, summary: Summary | "Success" | "Failure" }} Outcome
 */

/** @param {string[]} given */
async function mutants(given) {
  const end = given.includes("--") ? given.indexOf("--") : given.length;
  const rooms = given.slice(0, end);
  const env = toolEnvironment();
  if ((await capture("cargo", ["mutants", "--version"], { env })) === null) throw new Error(INSTALL);
  const files = rooms.flatMap((room) => ["--file", `crates/core/src/${room}/*.rs`]);
  await rm(OUTCOMES, { force: true });
  const began = performance.now();
  const args = ["mutants", "--package", "browser-use-skills-core", ...files, ...given.slice(end + 1)];
  // It fails if a single mutant survives: the score decides here.
  const failure = await run("cargo", args, { env }).catch((error) => error);
  const minutes = (performance.now() - began) / 60_000;
  const text = await readFile(OUTCOMES, "utf8").catch(() => '{"outcomes":[]}');
  const score = report(JSON.parse(text).outcomes);
  if (Number.isNaN(score)) throw failure ?? new Error("there are no mutants");
  console.log(`${score.toFixed(1)} % of the viable mutants noticed, in ${minutes.toFixed(0)} minutes`);
  if (score < LEAST) throw new Error(`less than ${LEAST} %: see target/mutants.out/missed.txt`);
}

/**
 * Prints how the mutants of each file ended.
 *
 * @param {Outcome[]} outcomes
 * @returns {number} the part of the viable ones that the tests noticed, in percent
 */
function report(outcomes) {
  /** @type {Map<string, Record<Summary, number>>} */
  const files = new Map();
  const none = () => ({ CaughtMutant: 0, Timeout: 0, MissedMutant: 0, Unviable: 0 });
  const total = none();
  for (const { scenario, summary } of outcomes) {
    if (scenario === "Baseline" || summary === "Success" || summary === "Failure") continue;
    const counts = files.get(scenario.Mutant.file) ?? none();
    files.set(scenario.Mutant.file, counts);
    counts[summary] += 1;
    total[summary] += 1;
  }
  const cells = (/** @type {(string | number)[]} */ all) =>
    all.map((cell) => String(cell).padStart(10)).join("");
  const width = Math.max(...[...files.keys()].map((file) => file.length), 0);
  console.log(`${"".padEnd(width)}${cells(["caught", "timeout", "missed", "unviable"])}`);
  for (const [file, counts] of [...files, /** @type {const} */ (["all", total])]) {
    console.log(`${file.padEnd(width)}${cells(Object.values(counts))}`);
  }
  const noticed = total.CaughtMutant + total.Timeout;
  return (100 * noticed) / (noticed + total.MissedMutant);
}

if (isMain(import.meta.url)) {
  const given = process.argv.slice(2);
  if (given.length === 0 || given.includes("--help")) console.log(HELP);
  else {
    await mutants(given).catch((error) => {
      console.error(`failed: ${error.message}`);
      process.exitCode = 1;
    });
  }
}
