// @ts-check
import { join } from "node:path";
import { root } from "../../scripts/lib/run.mjs";
import { serveFolder } from "../../scripts/serve.mjs";
import { SITE } from "./extension.mjs";
import { launchFirefox } from "./firefox.mjs";
import { until } from "./until.mjs";

const ID = "skills-for-this-page@example.com";
/** Firefox draws the host of an extension's pages at random, unless it is told. */
const HOST = "3c90c3cc-0d44-4b50-8888-8dd25736052a";

/**
 * Loads the extension as a temporary add-on into a Firefox with a fresh profile.
 *
 * @param {string} folder
 * @returns {Promise<import("./extension.mjs").LoadedExtension>}
 */
export async function loadInFirefox(folder) {
  const server = await serveFolder({ mounts: { "/": join(root, "tests/site") } });
  const firefox = await launchFirefox({
    "extensions.webextensions.uuids": JSON.stringify({ [ID]: HOST }),
    "network.dns.localDomains": SITE,
    // Else the popup closes as soon as one looks at another window.
    "ui.popup.disable_autohide": true,
  });
  const { command, evaluate, goto } = firefox;
  await command("/moz/addon/install", { path: folder, temporary: true });
  const options = await command("/window");
  await goto(`moz-extension://${HOST}/options.html`);
  // In a window of its own: to look into a tab is to show it, and the popup asks which one is shown.
  const { handle: site } = await command("/window/new", { type: "window" });
  /** @template Value @param {string} handle @param {() => Promise<Value>} act */
  const inWindow = async (handle, act) => {
    if ((await command("/window")) !== handle) await command("/window", { handle });
    return act();
  };
  /** In the browser's own interface. @template Value @param {() => Promise<Value>} act */
  const inBrowser = async (act) => {
    await command("/moz/context", { context: "chrome" });
    try {
      return await act();
    } finally {
      await command("/moz/context", { context: "content" });
    }
  };
  const clickButton = async () => {
    // A click while the last popup is still closing would only close it.
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
