// @ts-check
/**
 * Opens a browser with one page by a WebDriver server.
 *
 * @param {string} url - Of the server.
 * @param {object} alwaysMatch - Capabilities.
 * @param {() => void} stop - Stops the server.
 */
export async function openSession(url, alwaysMatch, stop) {
  /** @param {string} method @param {string} path @param {unknown} [body] */
  const send = async (method, path, body) => {
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = { "content-type": "application/json" };
    const response = await fetch(url + path, { method, headers, ...json });
    const { value } = /** @type {{ value: any }} */ (await response.json());
    if (!response.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  };
  const { sessionId, capabilities } = await send("POST", "/session", { capabilities: { alwaysMatch } });
  const session = `/session/${sessionId}`;
  /** Sends a WebDriver command. @param {string} path @param {object} [body] - Sends a POST instead of a GET. */
  const command = (path, body) => send(body ? "POST" : "GET", session + path, body);
  return {
    /** The version of the browser. @type {string} */
    version: capabilities.browserVersion,
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
      await send("DELETE", session).finally(stop);
    },
  };
}
