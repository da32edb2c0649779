// @ts-check
/** Runs `npx browser-use-skills emulator` of pkg/ in a separate process. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../../scripts/lib/run.mjs";

/**
 * Starts the emulator on a free port and waits until it listens.
 *
 * @param {string[]} options
 */
export async function startEmulator(...options) {
  const program = join(root, "pkg", "cli", "main.js");
  const args = [program, "emulator", "--port", "0", ...options];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const baseUrl = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`the emulator exited with ${code}`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const url = line.match(/^listening on (\S+)$/)?.[1];
      if (url) resolve(url);
    });
  });
  const admin = `${new URL(baseUrl).origin}/__emulator`;
  /** @param {string} method @param {string} path @param {unknown} [body] */
  const ask = async (method, path, body) => {
    const json =
      body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    const response = await fetch(admin + path, { method, ...json });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  };
  return {
    baseUrl,
    ask,
    close: () => {
      child.removeAllListeners("exit");
      child.kill();
    },
  };
}
