// @ts-check
// Starts other programs.

import { execFile, spawn } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The absolute path of the repository. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");

/**
 * Where other programs write. Node's test runner reads messages from the standard output of a test file, which the output of
 * another program would break: there they write to the standard error.
 */
export const OUTPUT = process.env.NODE_TEST_CONTEXT ? 2 : "inherit";

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd] - The working directory; the root of the repository by default.
 * @property {NodeJS.ProcessEnv} [env] - The environment; that of this process by default.
 */

/**
 * Runs a program and shows its output. Rejects with a short message if it fails.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<void>}
 */
export function run(command, args, { cwd = root, env = process.env } = {}) {
  const line = shorten([command, ...args].join(" "));
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd, env, stdio: ["inherit", OUTPUT, "inherit"] });
    child.on("error", (error) => fail(new Error(startFailure(command, error))));
    child.on("close", (code, signal) => {
      if (code === 0) done();
      else if (signal) fail(new Error(`\`${line}\` was terminated by ${signal}`));
      else fail(new Error(`\`${line}\` failed with exit code ${code}`));
    });
  });
}

/**
 * Returns the trimmed output of a program; null if it cannot be started or fails.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<string | null>}
 */
export function capture(command, args, { cwd = root, env = process.env } = {}) {
  return new Promise((done) => {
    execFile(command, args, { cwd, env, maxBuffer: 2 ** 26 }, (error, stdout) => {
      done(error ? null : stdout.trim());
    });
  });
}

/**
 * Whether this module is the main program and not imported: `isMain(import.meta.url)`.
 *
 * @param {string} moduleUrl
 * @returns {boolean}
 */
export function isMain(moduleUrl) {
  const script = process.argv[1];
  // A path on the command line can contain symbolic links; the URL of a module does not.
  return script !== undefined && existsSync(script) && realpathSync(script) === fileURLToPath(moduleUrl);
}

/**
 * @param {string} command
 * @param {NodeJS.ErrnoException} error
 */
function startFailure(command, error) {
  return error.code === "ENOENT" ? `\`${command}\` was not found` : `\`${command}\`: ${error.message}`;
}

/** @param {string} line */
function shorten(line) {
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
