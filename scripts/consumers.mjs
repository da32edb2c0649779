// @ts-check
/** Runs the consumers of tests/consumers, and lists them in docs/bundlers.md. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isMain, root, run } from "./lib/run.mjs";
import { toolEnvironment } from "./lib/tools.mjs";
import { setup } from "./setup.mjs";

const HELP = `Usage: node scripts/consumers.mjs [--quick | --write | word…]

Tests the packed package in every bundler, framework and runtime of tests/consumers, and prints a table of the results.

  word…    runs only those whose names contain one of the words
  --quick  runs only those of \`npm test\`
  --write  runs none, and writes the table of docs/bundlers.md`;

/** The documentation page that lists the consumers. */
export const page = join(root, "docs", "bundlers.md");

async function writePage() {
  // Imported after the setup: it imports npm packages.
  await setup(["build"]);
  const { documented } = await import("../tests/lib/consumers/document.mjs");
  await writeFile(page, await documented(await readFile(page, "utf8")));
}

/** @param {string} which */
async function runConsumers(which) {
  await setup(["build", "browser"]);
  const { buildPackage } = await import("./build.mjs");
  await buildPackage();
  const env = { ...toolEnvironment(), CONSUMERS: which };
  await run(process.execPath, ["--test", "--test-reporter=spec", "tests/consumers/consumers.test.mjs"], {
    env,
  });
}

if (isMain(import.meta.url)) {
  const args = process.argv.slice(2);
  if (args.includes("--help")) console.log(HELP);
  else {
    const which = args.includes("--quick") ? "quick" : args.join(",") || "all";
    const done = args.includes("--write") ? writePage() : runConsumers(which);
    await done.catch((error) => {
      console.error(error.message);
      process.exitCode = 1;
    });
  }
}
