// @ts-check
/** Launches Firefox, through geckodriver's WebDriver. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { findGeckodriver } from "../../scripts/lib/tools.mjs";
import { openSession } from "./webdriver.mjs";

/** @param {Record<string, unknown>} [prefs] - As in about:config. */
export async function launchFirefox(prefs = {}) {
  const program = findGeckodriver();
  if (!program) throw new Error("geckodriver was not found: run `npm run setup`");
  // Ignores the verbose output of Firefox.
  const flags = ["--port", "0", "--allow-system-access"];
  const driver = spawn(program, flags, { stdio: ["ignore", "pipe", "ignore"] });
  /** @type {string} */
  const url = await new Promise((resolve, reject) => {
    driver.on("error", reject);
    driver.on("exit", (code) => reject(new Error(`geckodriver exited with ${code}`)));
    createInterface({ input: driver.stdout }).on("line", (line) => {
      const host = line.match(/geckodriver\s+INFO\s+Listening on (\S+)$/)?.[1];
      if (host) resolve(`http://${host}`);
    });
  });
  const capabilities = { "moz:firefoxOptions": { args: ["-headless"], prefs } };
  return openSession(url, capabilities, () => {
    driver.removeAllListeners("exit");
    driver.kill();
  });
}
