// @ts-check
// How the scripts start other programs.

import { execFile, spawn } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The absolute path of the repository. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd] where to run it; the repository by default
 * @property {NodeJS.ProcessEnv} [env] its environment; this process's own by default
 */

/**
 * Runs a program and shows its output; rejects with a short message when it fails.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<void>}
 */
export function run(command, args, { cwd = root, env = process.env } = {}) {
  const line = shorten([command, ...args].join(" "));
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd, env, stdio: "inherit" });
    child.on("error", (error) => fail(new Error(startFailure(command, error))));
    child.on("close", (code, signal) => {
      if (code === 0) done();
      else if (signal) fail(new Error(`\`${line}\` was stopped by ${signal}`));
      else fail(new Error(`\`${line}\` failed with exit code ${code}`));
    });
  });
}

/**
 * What a program prints, trimmed; null when it cannot be started or fails.
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
 * Whether Node was started with this module (`isMain(import.meta.url)`), as opposed to importing it.
 *
 * @param {string} moduleUrl
 * @returns {boolean}
 */
export function isMain(moduleUrl) {
  const script = process.argv[1];
  // A path on the command line may go through a symbolic link; a module's URL never does.
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
