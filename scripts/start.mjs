// @ts-check
// Builds the package and the playground, and serves the playground and the emulator; see USAGE.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { buildPackage } from "./build.mjs";
import { isMain, root } from "./lib/run.mjs";
import { portOrAny, serveFolder } from "./serve.mjs";
import { setup } from "./setup.mjs";
import { buildSite, SITE } from "./site.mjs";

const USAGE = `Usage: npm start [-- --port <number>]

Builds the package and the playground, starts the emulator and serves the playground.

  --port <number>  port of the page (8080); a free port if it is in use
  --help           prints this text

Ctrl-C stops both.`;

const EMULATOR_PORT = 8787;

/** @param {number} port - The port of the page. */
async function start(port) {
  await setup(["build"]);
  announce("building the package (minutes the first time; skipped if up to date)");
  await buildPackage();
  announce("building the playground (seconds)");
  await buildSite();
  const emulator = await startEmulator();
  const page = await serveFolder({ mounts: { "/": SITE }, port });
  announce(`the emulator listens on ${emulator.url}`);
  announce(`to use it: ${page.url}#/connect?mode=server&baseUrl=${emulator.url}`);
  console.log(`open ${page.url}`);
  await emulator.ended;
  await page.close();
}

/** Starts the emulator. `ended` resolves when it was stopped, and rejects if it exits by itself. */
async function startEmulator() {
  const port = await portOrAny(EMULATOR_PORT);
  const args = ["pkg/cli/main.js", "emulator", "--port", String(port)];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  let isStopped = false;
  const stop = () => {
    isStopped = true;
    child.kill();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  process.on("exit", () => child.kill());
  /** @type {Promise<void>} */
  const ended = new Promise((done, fail) => {
    child.on("error", fail);
    child.on("exit", (code, signal) => {
      if (isStopped) done();
      else fail(new Error(`the emulator exited unexpectedly (${signal ?? `exit code ${code}`})`));
    });
  });
  const url = await Promise.race([baseUrl(child.stdout), ended]);
  // Stopped before it was ready.
  if (!url) process.exit(0);
  return { url, ended };
}

/**
 * Returns the URL that the emulator prints once it is ready. Forwards its later output.
 *
 * @param {import("node:stream").Readable} output
 * @returns {Promise<string>}
 */
function baseUrl(output) {
  return new Promise((done) => {
    createInterface({ input: output }).on("line", (line) => {
      const url = /^listening on (\S+)/.exec(line)?.[1];
      if (url) done(url);
      else console.log(line);
    });
  });
}

/** @param {string} step */
function announce(step) {
  console.log(`start: ${step}`);
}

/** @param {string} text */
function portNumber(text) {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535)
    throw new Error(`invalid --port "${text}": expected a number from 0 to 65535`);
  return port;
}

async function main() {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "8080" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) console.log(USAGE);
  else await start(portNumber(values.port));
}

if (isMain(import.meta.url)) {
  main().catch((error) => {
    console.error(`start: ${error instanceof Error ? error.message : error}`);
    process.exit(1);
  });
}
