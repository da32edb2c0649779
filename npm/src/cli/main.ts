#!/usr/bin/env node
// `npx browser-use-skills`: runs a command.
import { readFile } from "node:fs/promises";
import { UsageError } from "./usage.js";

const HELP = `Usage: browser-use-skills <command> [options]

Commands:
  copy        copy the files that a page or an extension without a bundler needs
  emulator    run a local emulator of the cloud, without a key or costs
  run         run a skill for every row of a CSV or NDJSON file
  types       generate TypeScript types of your skills

Options:
  --help      show this help; after a command, the help of that command
  --version   show the version of the package`;

/** Loaded on demand. */
const commands = new Map<string, () => Promise<{ run(args: string[]): Promise<void> }>>([
  ["copy", () => import("./copy.js")],
  ["emulator", () => import("./emulator.js")],
  ["run", () => import("./run.js")],
  ["types", () => import("./types.js")],
]);

async function main([name, ...args]: string[]): Promise<void> {
  if (name === undefined || name === "--help" || name === "-h") {
    console.log(HELP);
    if (name === undefined) process.exitCode = 2;
    return;
  }
  if (name === "--version" || name === "-v") {
    const manifest = await readFile(new URL("../package.json", import.meta.url), "utf8");
    console.log(JSON.parse(manifest).version);
    return;
  }
  const command = commands.get(name);
  if (!command) throw new UsageError(`There is no command "${name}".`);
  await (await command()).run(args);
}

main(process.argv.slice(2)).catch((error: Error) => {
  const isUsage = error instanceof UsageError;
  console.error(isUsage ? `${error.message}\nTry: browser-use-skills --help` : error.message);
  process.exitCode = isUsage ? 2 : 1;
});
