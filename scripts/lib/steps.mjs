// @ts-check
// Runs the test steps, two at a time, each in a separate process.

import { spawn } from "node:child_process";

/**
 * @typedef {object} Step
 * @property {() => Promise<void>} run
 * @property {string[]} [needs] - The steps that must pass first.
 * @property {string} [locks] - A resource that only one step can use at a time, such as a target folder of cargo.
 */

/** One per core of the smallest supported test machine. */
const LANES = 2;

/** Lines of a failed step's output that are repeated at the end. */
const REPEATED_LINES = 60;

/**
 * Runs steps in the listed order, as far as their dependencies and locks allow. A failed step does not stop the others,
 * except those that need it.
 *
 * @param {Record<string, Step>} steps
 * @param {(name: string) => string[]} command - Returns the program and arguments that run a step.
 * @returns {Promise<boolean>} whether all steps passed
 */
export async function runSteps(steps, command) {
  /** @type {Map<string, { result: "passed" | "failed" | "skipped", seconds: number, output?: string }>} */
  const ended = new Map();
  /** @type {Map<string, Promise<void>>} */
  const running = new Map();
  const began = performance.now();
  const waiting = new Set(Object.keys(steps));

  /** @param {string} name */
  const start = (name) => {
    waiting.delete(name);
    const since = performance.now();
    console.log(`start   ${name}`);
    const work = runCommand(command(name)).then(({ hasPassed, output }) => {
      const seconds = (performance.now() - since) / 1000;
      ended.set(name, { result: hasPassed ? "passed" : "failed", seconds, output });
      running.delete(name);
      console.log(
        `\n== ${name}\n${output}== ${name}: ${ended.get(name)?.result} in ${seconds.toFixed(0)} s\n`,
      );
    });
    running.set(name, work);
  };

  while (waiting.size + running.size > 0) {
    for (const name of waiting) {
      const { needs = [], locks } = steps[name] ?? {};
      const missing = needs.filter((need) => need in steps);
      if (missing.some((need) => ["failed", "skipped"].includes(ended.get(need)?.result ?? ""))) {
        waiting.delete(name);
        ended.set(name, { result: "skipped", seconds: 0 });
      } else if (running.size < LANES && missing.every((need) => ended.has(need))) {
        const isLocked = locks && [...running.keys()].some((other) => steps[other]?.locks === locks);
        if (!isLocked) start(name);
      }
    }
    if (running.size > 0) await Promise.race(running.values()); // None if a skipped step was the last.
  }

  for (const [name, { result, output = "" }] of ended) {
    const lines = output.trimEnd().split("\n").slice(-REPEATED_LINES);
    if (result === "failed") console.log(`\n== ${name} failed:\n${lines.join("\n")}\n`);
  }
  for (const name of Object.keys(steps)) {
    const { result, seconds = 0 } = ended.get(name) ?? {};
    console.log(`${name.padEnd(12)} ${result?.padEnd(8)} ${seconds.toFixed(0).padStart(5)} s`);
  }
  const results = [...ended.values()].map(({ result }) => result);
  const count = (/** @type {string} */ result) => results.filter((one) => one === result).length;
  console.log(`all steps: ${((performance.now() - began) / 1000).toFixed(0)} s`);
  console.log(`${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`);
  return results.every((result) => result === "passed");
}

/**
 * Runs a program and collects its output: two programs would print over each other.
 *
 * @param {string[]} line
 * @returns {Promise<{ hasPassed: boolean, output: string }>}
 */
function runCommand([program = "", ...args]) {
  return new Promise((done) => {
    /** @type {Buffer[]} */
    const printed = [];
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    const output = () => Buffer.concat(printed).toString();
    child.stdout.on("data", (part) => printed.push(part));
    child.stderr.on("data", (part) => printed.push(part));
    child.on("error", (error) => done({ hasPassed: false, output: `${output()}${error.message}\n` }));
    child.on("close", (code) => done({ hasPassed: code === 0, output: output() }));
  });
}
