// @ts-check
/** Configures wasm-bindgen-test-runner for browsers that reach its server through a proxy; see forward-proxy.mjs. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startForwardProxy } from "./forward-proxy.mjs";
import { root } from "./run.mjs";
import { findChrome, findChromedriver, findGeckodriver } from "./tools.mjs";
import { startWebKitDriver } from "./webkit.mjs";

/**
 * @typedef {object} Browser
 * @property {Record<string, string>} env - The driver, as the runner expects it.
 * @property {object} capabilities
 * @property {() => void} [stop]
 */

/** By name, with the host and port of the proxy. @type {Record<string, (host: string, port: number) => Promise<Browser>>} */
const BROWSERS = {
  chromium: async (host, port) => {
    const capabilities = JSON.parse(await readFile(join(root, "webdriver.json"), "utf8"));
    const { args } = capabilities["goog:chromeOptions"];
    args.push(`--proxy-server=${host}:${port}`, "--proxy-bypass-list=<-loopback>");
    return { env: { CHROMEDRIVER: findChromedriver() ?? "", CHROME: findChrome() ?? "" }, capabilities };
  },
  firefox: async (host, port) => {
    const prefs = {
      "network.proxy.type": 1,
      "network.proxy.http": host,
      "network.proxy.http_port": port,
      "network.proxy.allow_hijacking_localhost": true,
    };
    const capabilities = { "moz:firefoxOptions": { args: ["-headless"], prefs } };
    return { env: { GECKODRIVER: findGeckodriver() ?? "" }, capabilities };
  },
  webkit: async (host, port) => {
    const { url, capabilities, stop } = await startWebKitDriver();
    const proxy = { proxyType: "manual", httpProxy: `${host}:${port}` };
    return { env: { SAFARIDRIVER_REMOTE: url }, capabilities: { ...capabilities, proxy }, stop };
  },
};

/**
 * @param {string} name
 * @param {(env: Record<string, string>) => Promise<void>} test - Runs the tests with these environment variables.
 */
export async function testInBrowser(name, test) {
  const proxy = await startForwardProxy();
  try {
    const browser = await BROWSERS[name]?.("127.0.0.1", proxy.port);
    if (!browser) throw new Error(`unknown browser: ${name}`);
    try {
      const file = join(root, "target", `webdriver.${name}.json`);
      await writeFile(file, JSON.stringify(browser.capabilities));
      await test({
        ...browser.env,
        WASM_BINDGEN_USE_BROWSER: "1",
        // Seconds. The default of 20 is too short for a browser that starts while other steps use all processors.
        WASM_BINDGEN_TEST_TIMEOUT: "180",
        WASM_BINDGEN_TEST_WEBDRIVER_JSON: file,
      });
    } finally {
      browser.stop?.();
    }
  } finally {
    proxy.close();
  }
}
