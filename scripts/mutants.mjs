// @ts-check
/** Mutation testing: changes the code of crates/core in one place at a time and counts the changes that the unit tests detect. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { capture, isMain, root, run } from "./lib/run.mjs";
import { toolEnvironment } from "./lib/tools.mjs";

/** The minimum percentage of the viable mutants that the unit tests must detect. */
const MIN_SCORE = 95;

const HELP = `Usage: node scripts/mutants.mjs <module>… [-- <option of cargo mutants>…]

Modules: the folders of crates/core/src, such as policy and api. Fails if the unit tests detect less than ${MIN_SCORE} % of the changes.`;

const INSTALL = "cargo-mutants is missing: cargo install cargo-mutants --locked --root .tools";

const OUTCOMES = join(root, "target", "mutants.out", "outcomes.json");

/**
 * @typedef {"CaughtMutant" | "MissedMutant" | "Timeout" | "Unviable"} Summary
 * @typedef {{ scenario: "Baseline" | { Mutant: { file: string } }, summary: Summary | "Success" | "Failure" }} Outcome
 */

/** @param {string[]} given */
async function mutants(given) {
  const end = given.includes("--") ? given.indexOf("--") : given.length;
  const modules = given.slice(0, end);
  const env = toolEnvironment();
  if ((await capture("cargo", ["mutants", "--version"], { env })) === null) throw new Error(INSTALL);
  const files = modules.flatMap((module) => ["--file", `crates/core/src/${module}/*.rs`]);
  await rm(OUTCOMES, { force: true });
  const start = performance.now();
  const args = ["mutants", "--package", "browser-use-skills-core", ...files, ...given.slice(end + 1)];
  // cargo-mutants fails if one mutant is missed. Here, the score decides.
  const failure = await run("cargo", args, { env }).catch((error) => error);
  const minutes = (performance.now() - start) / 60_000;
  const text = await readFile(OUTCOMES, "utf8").catch(() => '{"outcomes":[]}');
  const score = report(JSON.parse(text).outcomes);
  if (Number.isNaN(score)) throw failure ?? new Error("cargo-mutants found no mutants");
  console.log(`${score.toFixed(1)} % of the viable mutants detected, in ${minutes.toFixed(0)} minutes`);
  if (score < MIN_SCORE)
    throw new Error(`the minimum is ${MIN_SCORE} %: target/mutants.out/missed.txt lists the missed mutants`);
}

/**
 * Prints the number of mutants with each outcome, per file.
 *
 * @param {Outcome[]} outcomes
 * @returns {number} the percentage of the viable mutants that the tests detected
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
  const detected = total.CaughtMutant + total.Timeout;
  return (100 * detected) / (detected + total.MissedMutant);
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
