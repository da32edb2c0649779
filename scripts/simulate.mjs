// @ts-check
/** Runs the engine in simulated worlds: `npm run simulate -- --seed 123` prints the history of one. */
import { isMain, run } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

/** @param {string[]} args - The arguments of the program. */
export function simulate(args) {
  const program = ["--quiet", "--package", "browser-use-skills-simulator", "--profile", "fuzz"];
  return run("cargo", ["run", ...program, "--", ...args]);
}

if (isMain(import.meta.url)) {
  await setup();
  await simulate(process.argv.slice(2));
}
