// @ts-check
/** The example extension in a real Chromium, talking to the emulator. */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, run } from "../../scripts/lib/run.mjs";
import { launchProfile } from "./browser.mjs";
import { installPackage } from "./package.mjs";

/**
 * A copy of the extension with the packed library beside it, for an API at another address.
 *
 * @param {string} baseUrl
 * @param {object} [additions] to its manifest
 */
export async function buildExtension(baseUrl, additions = {}) {
  const stranger = await installPackage();
  const folder = join(stranger.folder, "extension");
  await cp(join(root, "examples/extension"), folder, { recursive: true });
  await run(process.execPath, [join(folder, "build.mjs")]);
  const replace = async (
    /** @type {string} */ name,
    /** @type {string} */ from,
    /** @type {string} */ to,
  ) => {
    const text = await readFile(join(folder, name), "utf8");
    if (!text.includes(from)) throw new Error(`${name} has no ${from}`);
    await writeFile(join(folder, name), text.replace(from, to));
  };
  await replace("api.js", "https://api.browser-use.com/api/v2", baseUrl);
  await replace("manifest.json", "https://api.browser-use.com/*", "http://127.0.0.1/*");
  const manifest = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8"));
  await writeFile(join(folder, "manifest.json"), JSON.stringify({ ...manifest, ...additions }));
  return { folder, remove: stranger.remove };
}

/**
 * Loads it unpacked into a Chromium with a fresh profile.
 *
 * @param {string} folder
 */
export async function loadExtension(folder) {
  const profile = await mkdtemp(join(tmpdir(), "browser-use-skills-profile-"));
  const context = await launchProfile(profile, {
    args: ["--enable-unsafe-extension-debugging"],
    ignoreDefaultArgs: ["--disable-extensions"],
  });
  const browser = context.browser();
  if (!browser) throw new Error("this Chromium hands out no browser session");
  const session = await browser.newBrowserCDPSession();
  const { id } = await session.send("Extensions.loadUnpacked", { path: folder });
  const targets = async (/** @type {string} */ type) => {
    const { targetInfos } = await session.send("Target.getTargets", { filter: [{}] });
    return targetInfos.filter((target) => target.type === type);
  };
  return {
    context,
    address: (/** @type {string} */ page) => `chrome-extension://${id}/${page}`,
    /** Clicks at the extension's button in the toolbar, on a page: opens the popup, and grants `activeTab`. */
    clickAction: async (/** @type {import("playwright-core").Page} */ page) => {
      await page.bringToFront();
      const tab = (await targets("tab")).find(({ url }) => url === page.url());
      if (!tab) throw new Error(`no tab shows ${page.url()}`);
      await session.send("Extensions.triggerAction", { id, targetId: tab.targetId });
    },
    workers: async () => (await targets("service_worker")).filter(({ url }) => url.includes(id)),
    /** As the browser does with a worker that waits for too long. */
    killWorker: async () => {
      for (const { targetId } of await targets("service_worker")) {
        await session.send("Target.closeTarget", { targetId });
      }
    },
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
