// @ts-check
/** Runs the commands of consumers, as a user types them. */
import { exec, spawn } from "node:child_process";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { promisify, stripVTControlCharacters } from "node:util";

const execInShell = promisify(exec);

/** Time limit of commands and servers, in milliseconds: some hang when they fail. */
const LIMIT = 180_000;

/**
 * Runs a command. If it fails, the error contains its output.
 *
 * @param {string} line
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<string>} its standard output
 */
export async function execute(line, folder, environment) {
  const options = { cwd: folder, env: environment, maxBuffer: 2 ** 26, timeout: LIMIT };
  return execInShell(line, options).then(
    ({ stdout }) => stdout.trim(),
    ({ message, stdout, stderr }) => {
      throw new Error([message, stdout, stderr].join("\n"));
    },
  );
}

/**
 * Starts a server and waits until it prints the port that it listens on.
 *
 * @param {string} line
 * @param {number} port
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<{ output: () => string, close(): Promise<void> }>}
 */
export async function startServer(line, port, folder, environment) {
  const child = spawn(`exec ${line}`, {
    shell: true,
    cwd: folder,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
    // A separate process group, so that its children are killed too.
    detached: true,
  });
  /** @type {string[]} */
  const printed = [];
  const kill = () => {
    try {
      if (child.pid) process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has already exited.
    }
  };
  const limit = setTimeout(kill, LIMIT);
  process.on("exit", kill);
  const ended = new Promise((resolve) => child.on("close", resolve)).then(() => {
    clearTimeout(limit);
    process.off("exit", kill);
  });
  await new Promise((resolve, reject) => {
    const listening = new RegExp(`:${port}\\b`);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (text) => {
        printed.push(stripVTControlCharacters(text));
        if (listening.test(printed.at(-1) ?? "")) resolve(undefined);
      });
    }
    child.on("error", reject);
    child.on("close", () => reject(new Error([`\`${line}\` ended`, ...printed].join("\n"))));
  });
  const close = () => {
    kill();
    return ended;
  };
  return { output: () => printed.join("\n"), close };
}

/** @returns {Promise<number>} a free port */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const bound = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof bound !== "object" || bound === null) throw new Error("No port is free");
  return bound.port;
}
