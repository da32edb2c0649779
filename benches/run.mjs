// @ts-check
/** `npm run bench`: compares our client with the alternatives. benches/README.md explains the figures. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildPackage } from "../scripts/build.mjs";
import { isMain, root } from "../scripts/lib/run.mjs";
import { serveFolder } from "../scripts/serve.mjs";
import { setup } from "../scripts/setup.mjs";
import { launchBrowser } from "../tests/lib/browser.mjs";
import { BEFORE, bundlePrograms, programNames, site } from "./lib/programs.mjs";
import { buildRef } from "./lib/refs.mjs";
import { describeRegressions, regressions } from "./lib/regressions.mjs";
import { goals, summary, table } from "./lib/report.mjs";
import { measure as cold } from "./measure/cold.mjs";
import { measure as cpu } from "./measure/cpu.mjs";
import { measure as growth } from "./measure/growth.mjs";
import { measure as large } from "./measure/large.mjs";
import { measure as memory } from "./measure/memory.mjs";
import { measure as size } from "./measure/size.mjs";
import { measure as wall } from "./measure/wall.mjs";
import { measure as worker } from "./measure/worker.mjs";

/** @type {Record<string, Measure>} */
const MEASUREMENTS = { size, cold, worker, cpu, wall, large, memory, growth };

const HELP = `Usage: npm run bench -- [measurement…] [--compare <commit>] [--quick] [--save]

Compares our client with the alternatives, interleaved in rounds. Without arguments, runs every measurement:
${Object.keys(MEASUREMENTS).join(", ")}.

  --compare <commit>  also builds and measures the package of this commit, branch or tag, and lists the figures that are
                      more than 10 % worse now in target/bench/regressions.md
  --quick             a quarter of the rounds, a tenth of the calls of the memory measurement
  --save              writes the table into benches/README.md, and benches/results/<version>.json

Writes the samples to target/bench/results.json.`;

/**
 * The input of a measurement.
 *
 * @typedef {object} Bench
 * @property {string[]} names - The names of the programs.
 * @property {boolean} quick
 * @property {(full: number) => number} rounds - Returns the number of rounds of this run.
 * @property {import("playwright-core").Browser} browser
 * @property {string} origin - The origin of the site that serves the programs, with a trailing slash.
 */

/** @typedef {(bench: Bench) => Promise<import("./lib/rounds.mjs").Row[]>} Measure */

/** @param {string[]} chosen @param {boolean} quick @param {string | undefined} packageBefore */
async function measureAll(chosen, quick, packageBefore) {
  const [first, ...others] = await programNames();
  const names = packageBefore ? [first, BEFORE, ...others] : [first, ...others];
  await bundlePrograms(names, packageBefore);
  const server = await serveFolder({
    mounts: { "/": site, "/lib/": join(root, "benches", "lib") },
    cacheControl: "max-age=3600",
  });
  const browser = await launchBrowser();
  const rounds = (/** @type {number} */ full) => (quick ? Math.ceil(full / 4) : full);
  /** @type {import("./lib/report.mjs").Results} */
  const results = {};
  try {
    for (const name of chosen) {
      const began = Date.now();
      results[name] = await MEASUREMENTS[name]({ names, quick, rounds, browser, origin: server.url });
      console.error(`${name}: ${Math.round((Date.now() - began) / 1000)} s`);
    }
    return { names, machine: describe(browser.version(), quick), results };
  } finally {
    await browser.close();
    await server.close();
  }
}

/** @param {string} chromium @param {boolean} quick */
function describe(chromium, quick) {
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model.trim() ?? "CPU"}`;
  const kind = quick ? ", quick" : "";
  return `${new Date().toISOString().slice(0, 10)}, ${machine}, Chromium ${chromium}, Node ${process.version}${kind}`;
}

/** @param {string} text @param {object} results */
async function save(text, results) {
  const { version } = JSON.parse(await readFile(join(root, "pkg", "package.json"), "utf8"));
  const folder = join(root, "benches", "results");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${version}.json`), `${JSON.stringify(results, null, 2)}\n`);
  const file = join(root, "benches", "README.md");
  const readme = await readFile(file, "utf8");
  const [before] = readme.split("## Latest results");
  await writeFile(file, `${before}## Latest results\n\n${text}\n`);
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      compare: { type: "string" },
      quick: { type: "boolean" },
      save: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return console.log(HELP);
  const unknown = positionals.filter((name) => !(name in MEASUREMENTS));
  if (unknown.length > 0) throw new Error(`unknown measurement: ${unknown.join(", ")}`);
  if (values.save && (values.quick || positionals.length > 0))
    throw new Error("--save needs all measurements in full: leave out --quick and the names of measurements");
  const packageBefore = values.compare ? await buildRef(values.compare) : undefined;
  await setup(["build", "browser"]);
  await buildPackage();
  const chosen = Object.keys(MEASUREMENTS).filter(
    (name) => positionals.length === 0 || positionals.includes(name),
  );
  const { names, machine, results } = await measureAll(chosen, values.quick ?? false, packageBefore);
  const compared = values.compare && `\`${BEFORE}\` is ${values.compare}.`;
  const text = [machine, compared, table(results, names), goals(results)].filter(Boolean).join("\n\n");
  console.log(text);
  if (values.compare) {
    const found = describeRegressions(regressions(results), values.compare);
    await writeFile(join(root, "target/bench/regressions.md"), found);
    console.log(`\n${found || "No figure is more than 10 % worse."}`);
  }
  await writeFile(join(root, "target/bench/results.json"), JSON.stringify({ machine, results }, null, 2));
  if (values.save) await save(text, { machine, ...summary(results) });
}

if (isMain(import.meta.url)) {
  main().catch((error) => {
    console.error(`bench: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  });
}
