#!/usr/bin/env node
// `npx browser-use-skills`.
import { readFile } from "node:fs/promises";
import { UsageError } from "./usage.js";

const HELP = `Usage: browser-use-skills <command> [options]

Commands:
  copy        copies the files that a page or an extension without a bundler needs
  emulator    runs an emulator of the cloud on this machine: no key, no costs
  types       writes the TypeScript types of your skills

Options:
  --help      this text; after a command, the command's own
  --version   the version of the package`;

/** Each is loaded when it is called. */
const commands = new Map<string, () => Promise<{ run(args: string[]): Promise<void> }>>([
  ["copy", () => import("./copy.js")],
  ["emulator", () => import("./emulator.js")],
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
