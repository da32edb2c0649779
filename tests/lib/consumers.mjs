// @ts-check
/** The projects of tests/consumers, which use the package as strangers do. */
import { execFile, spawn } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify, stripVTControlCharacters } from "node:util";
import { root, run } from "../../scripts/lib/run.mjs";
import { setup } from "../../scripts/setup.mjs";
import { installPackage } from "./package.mjs";

const execute = promisify(execFile);

/** Where they live, with the packages that they share. */
export const consumersFolder = join(root, "tests", "consumers");

const bin = join(consumersFolder, "node_modules", ".bin");

/** Nothing of it leaves the machine, and nothing is coloured, so that addresses can be read from what is printed. */
const environment = {
  ...process.env,
  PATH: [bin, process.env.PATH].join(delimiter),
  CI: "1",
  NO_COLOR: "1",
  FORCE_COLOR: undefined,
  NODE_ENV: undefined,
  NODE_TEST_CONTEXT: undefined,
  DENO_NO_UPDATE_CHECK: "1",
  NEXT_TELEMETRY_DISABLED: "1",
  WRANGLER_SEND_METRICS: "false",
};

/** How long a command may take, a server with all that is asked of it, in milliseconds: some wait for ever when they fail. */
const LIMIT = 90_000;

/**
 * The path of a program that the consumers use, which is installed if it is not there.
 *
 * @param {string} name
 */
export async function consumersBin(name) {
  await setup(["consumers"]);
  return join(bin, name);
}

/** Bun itself: the package `bun` would have to run something at its installation to find it. */
export async function bunProgram() {
  const builds = join(consumersFolder, "node_modules", "@oven");
  const [build = "no build for this machine"] = await readdir(builds);
  return join(builds, build, "bin", "bun");
}

/** Installs what the consumers use, and the packed package beside it. */
export async function installConsumers() {
  await setup(["consumers"]);
  const { tarball, remove } = await installPackage();
  const quietly = ["--no-save", "--ignore-scripts", "--offline", "--silent", "--prefer-dedupe"];
  await run("npm", ["install", ...quietly, tarball], { cwd: consumersFolder });
  await remove();
}

/**
 * Removes what a consumer has made before.
 *
 * @param {string} folder
 */
export function clean(folder) {
  return Promise.all(
    ["out", ".next", ".svelte-kit", ".wrangler"].map((name) =>
      rm(join(consumersFolder, folder, name), { recursive: true, force: true }),
    ),
  );
}

/**
 * What a command prints that a consumer runs in its folder; what it says when it fails is in the error.
 *
 * @param {string} folder
 * @param {string[]} line
 * @returns {Promise<string>}
 */
export async function inFolder(folder, ...line) {
  const [command = "", ...args] = line;
  const options = {
    cwd: join(consumersFolder, folder),
    env: environment,
    maxBuffer: 2 ** 26,
    timeout: LIMIT,
  };
  return execute(command, args, options).then(
    ({ stdout }) => stdout.trim(),
    ({ message, stdout, stderr }) => {
      throw new Error([message, stdout, stderr].join("\n"));
    },
  );
}

/**
 * Starts a server in a consumer's folder, and waits until it prints its address.
 *
 * @param {string} folder
 * @param {string[]} line
 * @returns {Promise<{ url: string, close(): Promise<void> }>}
 */
export async function serveIn(folder, ...line) {
  const [command = "", ...args] = line;
  const child = spawn(command, args, {
    cwd: join(consumersFolder, folder),
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
    // What it starts in its turn ends with it.
    detached: true,
  });
  /** @type {string[]} */
  const printed = [];
  const kill = () => {
    if (child.pid && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, "SIGKILL");
  };
  const limit = setTimeout(kill, LIMIT);
  process.on("exit", kill);
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => {
    child.on("close", () => {
      clearTimeout(limit);
      process.off("exit", kill);
      resolve();
    });
  });
  const close = () => {
    kill();
    return ended;
  };
  const url = await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        printed.push(line);
        const address = stripVTControlCharacters(line).match(
          /http:\/\/(?:localhost|127\.0\.0\.1):\d+\/?/,
        )?.[0];
        if (address) resolve(address);
      });
    }
    child.on("error", reject);
    child.on("close", () => reject(new Error([`\`${command}\` ended`, ...printed].join("\n"))));
  });
  return { url, close };
}
