// @ts-check
/** Measures what each step gains: builds the files of the first load without it. README.md has the results. */
import { buildFirstLoad } from "../build.mjs";
import { isMain } from "../lib/run.mjs";
import { firstLoad } from "../lib/size.mjs";
import { setup } from "../setup.mjs";
import { OPTIONAL_STEPS, STEPS } from "./pipeline.mjs";

const HELP = `Usage: node scripts/wasm/measure.mjs [step…]

Prints the size of the first load in brotli bytes: with all steps, and without each step, or only the given ones.
pkg/ must be built. Steps:`;

/** `npm/src/load.ts` imports the function that this step adds. */
const NOT_MEASURABLE = "link-parts";

/** @param {string[]} leftOut */
async function measure(leftOut) {
  return firstLoad(await buildFirstLoad(leftOut));
}

/** @param {string[]} steps */
async function printTable(steps) {
  const all = await measure([]);
  const line = (/** @type {string} */ name, /** @type {typeof all} */ { wasm, script, total }) =>
    `| ${name} | ${wasm} | ${script} | ${total} | ${total - all.total} |`;
  const lines = [line("(all steps)", all)];
  for (const name of steps) lines.push(line(`without ${name}`, await measure([name])));
  lines.push(line("without all optional steps", await measure(OPTIONAL_STEPS)));
  console.log(
    ["| Build | WebAssembly | JavaScript | Total | Gain |", "|---|--:|--:|--:|--:|", ...lines].join("\n"),
  );
}

if (isMain(import.meta.url)) {
  const names = process.argv.slice(2);
  const steps = STEPS.filter((name) => name !== NOT_MEASURABLE);
  if (names.includes("--help")) console.log(HELP, steps.join(", "));
  else {
    await setup(["build"]);
    await printTable(names.length > 0 ? names : steps);
  }
}
