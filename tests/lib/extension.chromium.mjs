// @ts-check
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchProfile } from "./browser.mjs";
import { SITE } from "./extension.mjs";

/**
 * Loads the unpacked extension into Chromium with a new profile.
 *
 * @param {string} folder
 * @returns {Promise<import("./extension.mjs").LoadedExtension>}
 */
export async function loadInChromium(folder) {
  const profile = await mkdtemp(join(tmpdir(), "browser-use-skills-profile-"));
  const context = await launchProfile(profile, {
    args: ["--enable-unsafe-extension-debugging"],
    ignoreDefaultArgs: ["--disable-extensions"],
  });
  const browser = context.browser();
  if (!browser) throw new Error("this Chromium cannot load extensions");
  const devtools = await browser.newBrowserCDPSession();
  // Not --load-extension, which newer versions of Chrome ignore.
  const { id } = await devtools.send("Extensions.loadUnpacked", { path: folder });
  const targets = async (/** @type {string} */ type) => {
    const { targetInfos } = await devtools.send("Target.getTargets", { filter: [{}] });
    return targetInfos.filter((target) => target.type === type);
  };
  await context.route(`https://${SITE}/**`, (route) =>
    route.fulfill({ contentType: "text/html", body: "<h1>News</h1>" }),
  );
  const options = await context.newPage();
  await options.goto(`chrome-extension://${id}/options.html`);
  const site = await context.newPage();
  return {
    evaluate: (run, argument) => options.evaluate(/** @type {any} */ (run), argument),
    evaluateOnSite: (run) => site.evaluate(/** @type {any} */ (run)),
    openSite: () => site.goto(`https://${SITE}/`),
    clickAction: async () => {
      await site.bringToFront();
      const tab = (await targets("tab")).find(({ url }) => url === site.url());
      await devtools.send("Extensions.triggerAction", { id, targetId: tab?.targetId ?? "" });
    },
    killWorker: async () => {
      for (const { targetId } of await targets("service_worker")) {
        await devtools.send("Target.closeTarget", { targetId });
      }
      while ((await targets("service_worker")).length > 0);
    },
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
