// @ts-check
/** Launches Firefox, through geckodriver's WebDriver. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { findGeckodriver } from "../../scripts/lib/tools.mjs";

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
  /** @param {string} method @param {string} path @param {unknown} [body] */
  const send = async (method, path, body) => {
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = { "content-type": "application/json" };
    const response = await fetch(url + path, { method, headers, ...json });
    const { value } = /** @type {{ value: any }} */ (await response.json());
    if (!response.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  };
  const alwaysMatch = { "moz:firefoxOptions": { args: ["-headless"], prefs } };
  const { sessionId } = await send("POST", "/session", { capabilities: { alwaysMatch } });
  const session = `/session/${sessionId}`;
  /** Sends a WebDriver command. @param {string} path @param {object} [body] - Sends a POST instead of a GET. */
  const command = (path, body) => send(body ? "POST" : "GET", session + path, body);
  return {
    command,
    /** @param {string} url */
    goto: (url) => command("/url", { url }),
    /**
     * Evaluates a function in the page.
     *
     * @template Argument, Value
     * @param {(argument: Argument) => Value} run
     * @param {Argument} [argument]
     * @returns {Promise<Awaited<Value>>}
     */
    evaluate: async (run, argument) => {
      const script = `const [argument, done] = arguments;
        (async () => (${run})(argument))().then((value) => done({ value }), (error) => done({ error: String(error) }));`;
      const { value, error } = await command("/execute/async", { script, args: [argument] });
      if (error) throw new Error(error);
      return value;
    },
    close: async () => {
      await send("DELETE", session);
      driver.removeAllListeners("exit");
      driver.kill();
    },
  };
}
