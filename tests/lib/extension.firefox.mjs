// @ts-check
import { join } from "node:path";
import { root } from "../../scripts/lib/run.mjs";
import { serveFolder } from "../../scripts/serve.mjs";
import { SITE } from "./extension.mjs";
import { launchFirefox } from "./firefox.mjs";
import { until } from "./until.mjs";

const ID = "skills-for-this-page@example.com";
/** The host of the extension's pages. Firefox chooses a random one by default. */
const HOST = "3c90c3cc-0d44-4b50-8888-8dd25736052a";

/**
 * Loads the extension as a temporary add-on into Firefox with a new profile.
 *
 * @param {string} folder
 * @returns {Promise<import("./extension.mjs").LoadedExtension>}
 */
export async function loadInFirefox(folder) {
  const server = await serveFolder({ mounts: { "/": join(root, "tests/site") } });
  const firefox = await launchFirefox({
    "extensions.webextensions.uuids": JSON.stringify({ [ID]: HOST }),
    "network.dns.localDomains": SITE,
    // By default the popup closes when another window gets the focus.
    "ui.popup.disable_autohide": true,
  });
  const { command, evaluate, goto } = firefox;
  await command("/moz/addon/install", { path: folder, temporary: true });
  const options = await command("/window");
  await goto(`moz-extension://${HOST}/options.html`);
  // In a separate window: evaluating in a tab activates it, and the popup queries the active tab.
  const { handle: site } = await command("/window/new", { type: "window" });
  /** @template Value @param {string} handle @param {() => Promise<Value>} act */
  const inWindow = async (handle, act) => {
    if ((await command("/window")) !== handle) await command("/window", { handle });
    return act();
  };
  /** Runs `act` in the browser's user interface. @template Value @param {() => Promise<Value>} act */
  const inBrowser = async (act) => {
    await command("/moz/context", { context: "chrome" });
    try {
      return await act();
    } finally {
      await command("/moz/context", { context: "content" });
    }
  };
  const clickButton = async () => {
    // A click while the last popup is closing would only close it.
    await until(() => evaluate(() => document.querySelector("#customizationui-widget-panel") === null));
    const value = `#${ID.replaceAll(/[@.]/g, "_")}-BAP`;
    const [element] = Object.values(await command("/element", { using: "css selector", value }));
    await command(`/element/${element}/click`, {});
  };
  return {
    evaluate: (run, argument) => inWindow(options, () => evaluate(run, argument)),
    evaluateOnSite: (run) => inWindow(site, () => evaluate(run)),
    openSite: () => inWindow(site, () => goto(`http://${SITE}:${new URL(server.url).port}/empty.html`)),
    clickAction: () => inWindow(site, () => inBrowser(clickButton)),
    killWorker: () =>
      inBrowser(() =>
        evaluate((id) => {
          /** @type {any} */
          const { WebExtensionPolicy } = globalThis;
          return WebExtensionPolicy.getByID(id).extension.terminateBackground({
            disableResetIdleForTest: true,
          });
        }, ID),
      ),
    close: async () => {
      await firefox.close();
      await server.close();
    },
  };
}
