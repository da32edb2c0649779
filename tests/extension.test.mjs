// @ts-check
/** The example extension, loaded unpacked into Chromium: its options, its popup, its worker and what survives it. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { root } from "../scripts/lib/run.mjs";
import { startEmulator } from "./lib/emulator.mjs";
import { buildExtension, loadExtension } from "./lib/extension.mjs";

const CANARY = "bu_canary_4711";
const SITE = "https://news.ycombinator.com/";
const SPY = { matches: [`${SITE}*`], js: ["spy.js"] };

describe("the example extension", () => {
  /** @type {Awaited<ReturnType<typeof startEmulator>>} */
  let emulator;
  /** @type {Awaited<ReturnType<typeof buildExtension>>} */
  let built;
  /** @type {Awaited<ReturnType<typeof loadExtension>>} */
  let extension;
  /** @type {import("playwright-core").Page} */
  let options;
  /** @type {import("playwright-core").Page} */
  let site;

  before(async () => {
    emulator = await startEmulator("--api-key", CANARY);
    built = await buildExtension(emulator.baseUrl, { content_scripts: [SPY] });
    await writeFile(join(built.folder, "spy.js"), `(${spy})();`);
    extension = await loadExtension(built.folder);
    await extension.context.route(`${SITE}**`, (route) =>
      route.fulfill({ contentType: "text/html", body: "<h1>News</h1>" }),
    );
    options = await extension.context.newPage();
    await options.goto(extension.address("options.html"));
    site = await extension.context.newPage();
  });
  after(async () => {
    await extension?.close();
    await built?.remove();
    emulator?.close();
  });
  beforeEach(async () => {
    await emulator.ask("POST", "/reset");
    await closePopup();
    await site.goto(SITE);
  });

  /** Pages of an extension see its popup, which Playwright does not. */
  const closePopup = () =>
    options.evaluate(() => {
      for (const popup of chrome.extension.getViews({ type: "popup" })) popup.close();
    });
  /** @param {string} selector @param {string} text */
  const popupShows = (selector, text) =>
    options.waitForFunction(
      ([selector = "", text = ""]) => {
        const [popup] = chrome.extension.getViews({ type: "popup" });
        return popup?.document.querySelector(selector)?.textContent?.includes(text);
      },
      [selector, text],
      // The page is in the background, where no frames are drawn.
      { polling: 50 },
    );
  const popupText = () =>
    options.evaluate(() => chrome.extension.getViews({ type: "popup" })[0]?.document.body.innerText);
  const openPopup = async () => {
    await options.evaluate(() => chrome.storage.session.remove("run"));
    await extension.clickAction(site);
    await popupShows("#skills h2", "Top Stories");
  };
  const cloneAndRun = () =>
    options.evaluate(() => {
      const [popup] = chrome.extension.getViews({ type: "popup" });
      const [skill] = popup?.document.forms ?? [];
      /** @type {HTMLInputElement} */ (skill?.querySelector("[name=limit]")).value = "3";
      skill?.requestSubmit();
    });
  const saveKey = async (/** @type {string} */ key) => {
    await options.getByLabel("Your own key").fill(key);
    await options.getByRole("button", { name: "Save" }).click();
  };
  const executions = async () => (await emulator.ask("GET", "/requests")).counts["skills.execute"] ?? 0;

  test("asks for what it needs and nothing more", async () => {
    const manifest = JSON.parse(await readFile(join(root, "examples/extension/manifest.json"), "utf8"));
    const { permissions, host_permissions, content_security_policy, content_scripts } = manifest;
    assert.deepEqual(permissions, ["activeTab", "alarms", "storage"]);
    assert.deepEqual(host_permissions, ["https://api.browser-use.com/*"]);
    assert.deepEqual(content_security_policy, { extension_pages: "script-src 'self' 'wasm-unsafe-eval'" });
    assert.equal(content_scripts, undefined);
  });

  test("without a key the popup says where it belongs", async () => {
    await openPopup();
    await cloneAndRun();
    await popupShows("#words", "Put yours into the options");
    assert.equal(await executions(), 0);
  });

  test("a wrong key is found out, a right one is kept from content scripts", async () => {
    await saveKey("bu_wrong");
    await options.getByText("Saved, but: The key is missing or wrong").waitFor();
    await saveKey(CANARY);
    await options.getByText("Saved, and it is right.").waitFor();
    assert.deepEqual(await options.evaluate(() => chrome.storage.local.get("apiKey")), { apiKey: CANARY });
    await site.reload();
    const seen = await site
      .locator("html[data-local]")
      .evaluate((html) => ({ .../** @type {HTMLElement} */ (html).dataset }));
    for (const area of ["local", "session"])
      assert.match(seen[area] ?? "", /^Error: Access to storage is not allowed/);
  });

  test("the popup lists what is for the site, clones it, runs it and shows the result", async () => {
    await openPopup();
    assert.match((await popupText()) ?? "", /^Skills for news.ycombinator.com\s+Top Stories/);
    await cloneAndRun();
    await popupShows("#words", "Done.");
    await popupShows("#result", '"points"');
    const { counts } = await emulator.ask("GET", "/requests");
    assert.equal(counts["marketplace.clone"], 1);
    assert.equal(await executions(), 1);
  });

  test("a second run takes the clone that is there", async () => {
    for (let count = 1; count <= 2; count += 1) {
      await openPopup();
      await cloneAndRun();
      await until(async () => (await executions()) === count);
      await popupShows("#words", "Done.");
      await closePopup();
    }
    const { counts } = await emulator.ask("GET", "/requests");
    assert.equal(counts["marketplace.clone"], 1);
  });

  test("a refusal is told in words", async () => {
    await emulator.ask("PATCH", "/settings", { credits: 0 });
    await openPopup();
    await cloneAndRun();
    await popupShows("#words", "Your credits do not suffice. Nothing was started.");
  });

  test("a worker that dies while a skill runs is followed by one that has the result", async () => {
    await emulator.ask("PATCH", "/settings", { executionMs: 600_000 });
    await openPopup();
    await cloneAndRun();
    await popupShows("#words", "It runs.");
    await until(async () => (await executions()) === 1);
    await extension.killWorker();
    await until(async () => (await extension.workers()).length === 0);
    await emulator.ask("POST", "/advance", { ms: 600_000 });
    // The alarm that rings every half minute, brought forward.
    await options.evaluate(() => chrome.alarms.create("look again", { when: Date.now() }));
    await popupShows("#words", "Done.");
    await popupShows("#result", '"points"');
    assert.equal(await executions(), 1);
    assert.equal(await options.evaluate(() => chrome.action.getBadgeText({})), "✓");
    await until(() => options.evaluate(async () => (await chrome.alarms.getAll()).length === 0));
  });
});

/** What a content script can read: written where a page could. */
function spy() {
  for (const area of /** @type {const} */ (["local", "session"])) {
    chrome.storage[area].get().then(
      (items) => {
        document.documentElement.dataset[area] = JSON.stringify(items);
      },
      (error) => {
        document.documentElement.dataset[area] = String(error);
      },
    );
  }
}

/** @param {() => Promise<boolean>} isTrue */
async function until(isTrue) {
  while (!(await isTrue())) await new Promise((resolve) => setImmediate(resolve));
}
