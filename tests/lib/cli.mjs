// @ts-check
/** Runs `npx browser-use-skills`, packed and installed. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { after, before } from "node:test";
import { installPackage } from "./package.mjs";

export const KEY = "bu_canary_of_the_command_line";

/** @type {Awaited<ReturnType<typeof installPackage>>} */
export let installed;

/** Installs the package for the tests of the file. */
export function installProgram() {
  before(async () => {
    installed = await installPackage();
  });
  after(() => installed?.remove());
}

/**
 * Runs a command. The output must not contain the key.
 *
 * @param {string[]} args
 * @param {Record<string, string>} [environment]
 * @returns {Promise<{ code: number | null, out: string, errors: string }>}
 */
export async function run(args, environment = { BROWSER_USE_API_KEY: KEY }) {
  const { BROWSER_USE_API_KEY: _, ...inherited } = process.env;
  const program = join(installed.projectFolder, "node_modules", ".bin", "browser-use-skills");
  const child = spawn(program, args, { env: { ...inherited, ...environment }, cwd: installed.projectFolder });
  let out = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (part) => {
    out += part;
  });
  child.stderr.setEncoding("utf8").on("data", (part) => {
    errors += part;
  });
  /** @type {number | null} */
  const code = await new Promise((resolve) => child.on("close", resolve));
  assert.ok(!`${out}${errors}`.includes(KEY), "the output contains the key");
  return { code, out, errors };
}
