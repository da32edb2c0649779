// @ts-check
/** Runs the engine in simulated worlds: `npm run simulate -- --seed 123` tells the history of one. */
import { isMain, run } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

/** @param {string[]} given - As the program takes them. */
export function simulate(given) {
  const program = ["--quiet", "--package", "browser-use-skills-simulator", "--profile", "fuzz"];
  return run("cargo", ["run", ...program, "--", ...given]);
}

if (isMain(import.meta.url)) {
  await setup();
  await simulate(process.argv.slice(2));
}
