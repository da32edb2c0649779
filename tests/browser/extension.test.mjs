// @ts-check
/** The example extension in Chromium and Firefox: options, popup, worker, and recovery after the worker ends. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { root } from "../../scripts/lib/run.mjs";
import { startEmulator } from "../lib/emulator.mjs";
import { loadInChromium } from "../lib/extension.chromium.mjs";
import { loadInFirefox } from "../lib/extension.firefox.mjs";
import { buildExtension, SITE } from "../lib/extension.mjs";
import { until } from "../lib/until.mjs";

const CANARY = "bu_canary_4711";
const SPY = { matches: [`*://${SITE}/*`], js: ["spy.js"] };

test("the example extension requests the minimum of permissions", async () => {
  const manifest = JSON.parse(await readFile(join(root, "examples/extension/manifest.json"), "utf8"));
  const { permissions, host_permissions, content_security_policy, content_scripts } = manifest;
  assert.deepEqual(permissions, ["activeTab", "alarms", "storage"]);
  assert.deepEqual(host_permissions, ["https://api.browser-use.com/*"]);
  assert.deepEqual(content_security_policy, { extension_pages: "script-src 'self' 'wasm-unsafe-eval'" });
  assert.equal(content_scripts, undefined);
});

for (const [name, load] of /** @type {const} */ ([
  ["Chromium", loadInChromium],
  ["Firefox", loadInFirefox],
])) {
  describe(`the example extension in ${name}`, () => {
    /** @type {Awaited<ReturnType<typeof startEmulator>>} */
    let emulator;
    /** @type {Awaited<ReturnType<typeof buildExtension>>} */
    let built;
    /** @type {import("../lib/extension.mjs").LoadedExtension} */
    let extension;

    let seed = 0;

    before(async () => {
      emulator = await startEmulator("--api-key", CANARY);
      built = await buildExtension(emulator.baseUrl, {
        // By default, Firefox puts the button in a menu.
        action: { default_popup: "popup.html", default_area: "navbar" },
        content_scripts: [SPY],
      });
      await writeFile(join(built.folder, "spy.js"), `(${spy})();`);
      await writeFile(join(built.folder, "echo.html"), '<script src="echo.js"></script>');
      await writeFile(join(built.folder, "echo.js"), `(${echo})();`);
      extension = await load(built.folder);
    });
    after(async () => {
      await extension?.close();
      await built?.remove();
      emulator?.close();
    });
    beforeEach(async () => {
      // Other ids than before: the worker remembers the executions that it has seen.
      seed += 1;
      await emulator.ask("POST", "/reset", { seed });
      // After the reset, the emulator does not know the runs in the journal.
      await extension.evaluate(async () => {
        const names = Object.keys(await chrome.storage.local.get());
        await chrome.storage.local.remove(names.filter((name) => name.startsWith("browser-use-skills.")));
      });
      await extension.openSite();
    });

    const openPopup = async () => {
      await extension.evaluate(async () => {
        for (const popup of chrome.extension.getViews({ type: "popup" })) popup.close();
        await chrome.storage.session.remove("run");
      });
      await extension.clickAction();
      await popupShows("#skills h2", "Top Stories");
    };
    /** @param {string} selector @param {string} text */
    const popupShows = (selector, text) =>
      until(async () => {
        const shown = await extension.evaluate((selector) => {
          const [popup] = chrome.extension.getViews({ type: "popup" });
          return popup?.document.querySelector(selector)?.textContent ?? "";
        }, selector);
        return shown.includes(text);
      });
    const cloneAndRun = () =>
      extension.evaluate(() => {
        const [popup] = chrome.extension.getViews({ type: "popup" });
        const [form] = popup?.document.forms ?? [];
        /** @type {HTMLInputElement} */ (form?.querySelector("[name=limit]")).value = "3";
        form?.requestSubmit();
      });
    const saveKey = (/** @type {string} */ key) =>
      extension.evaluate((key) => {
        /** @type {HTMLInputElement} */ (document.querySelector("#key")).value = key;
        document.forms[0]?.requestSubmit();
      }, key);
    const optionsShow = (/** @type {string} */ text) =>
      until(async () => (await extension.evaluate(() => document.body.innerText)).includes(text));
    const keyed = () => ({ baseUrl: emulator.baseUrl, apiKey: CANARY });
    const counts = async () => (await emulator.ask("GET", "/requests")).counts;

    test("without a key, the popup refers to the options", async () => {
      await openPopup();
      await cloneAndRun();
      await popupShows("#message", "Enter it in the options");
      assert.equal((await counts())["skills.execute"], undefined);
    });

    test("the options reject a wrong key and store a valid one", async () => {
      await saveKey("bu_wrong");
      await optionsShow("Saved, but: The key is missing or invalid");
      await saveKey(CANARY);
      await optionsShow("Saved. The key is valid.");
      const kept = await extension.evaluate(() => chrome.storage.local.get("apiKey"));
      assert.deepEqual(kept, { apiKey: CANARY });
    });

    test("content scripts cannot read the key", async (context) => {
      const canClose = await extension.evaluate(() => "setAccessLevel" in chrome.storage.local);
      assert.equal(canClose, name === "Chromium");
      if (!canClose) return context.skip("Firefox has no setAccessLevel; the example's README says so");
      await until(() => extension.evaluateOnSite(() => document.title !== ""));
      const seen = await extension.evaluateOnSite(() => document.title);
      assert.match(seen, /^(Error: Access to storage is not allowed from this context\.,?){2}$/);
    });

    test("the popup lists the skills for the site, clones and runs one, and shows the result", async () => {
      await openPopup();
      await popupShows("h1", `Skills for ${SITE}`);
      await cloneAndRun();
      await popupShows("#message", "Done.");
      await popupShows("#result", '"points"');
      const { "marketplace.clone": clones, "skills.execute": executions } = await counts();
      assert.deepEqual([clones, executions], [1, 1]);
    });

    test("a second run uses the existing clone", async () => {
      for (let run = 1; run <= 2; run += 1) {
        await openPopup();
        await cloneAndRun();
        await popupShows("#message", "Done.");
        const { "marketplace.clone": clones, "skills.execute": executions } = await counts();
        assert.deepEqual([clones, executions], [1, run]);
      }
    });

    test("the popup shows the message of an error", async () => {
      await emulator.ask("PATCH", "/settings", { credits: 0 });
      await openPopup();
      await cloneAndRun();
      await popupShows("#message", "You do not have enough credits. Nothing was started.");
    });

    test("a page of a list survives a message to another page of the extension", async () => {
      const { page, received } = await extension.evaluate(async ({ baseUrl, apiKey }) => {
        const { BrowserUse } = await import("/browser-use-skills/index.js");
        const frame = document.createElement("iframe");
        const loaded = new Promise((resolve) => frame.addEventListener("load", resolve));
        frame.src = "echo.html";
        document.body.append(frame);
        await loaded;
        const page = await new BrowserUse({ baseUrl, apiKey }).marketplace.list({ pageSize: 4 });
        const received = await chrome.runtime.sendMessage(page);
        frame.remove();
        return { page, received };
      }, keyed());
      assert.equal(received.hasNextPage, true);
      assert.deepEqual(received, page);
    });

    test("a new worker gets the result of a run during which the last worker died", async () => {
      await emulator.ask("PATCH", "/settings", { executionMs: 600_000 });
      await openPopup();
      await cloneAndRun();
      await popupShows("#message", "Running.");
      await until(async () => (await counts())["skills.execute"] === 1);
      await extension.killWorker();
      await emulator.ask("POST", "/advance", { ms: 600_000 });
      // Triggers the alarm of every half minute now.
      await extension.evaluate(() => chrome.alarms.create("resume", { when: Date.now() }));
      await popupShows("#message", "Done.");
      await popupShows("#result", '"points"');
      assert.equal((await counts())["skills.execute"], 1);
      assert.equal(await extension.evaluate(() => chrome.action.getBadgeText({})), "✓");
      await until(() => extension.evaluate(async () => (await chrome.alarms.getAll()).length === 0));
    });
  });
}

/** A page that echoes messages. */
function echo() {
  chrome.runtime.onMessage.addListener((message, _, respond) => respond(message));
}

/** A content script that searches for the key. */
function spy() {
  const areas = [chrome.storage.local, chrome.storage.session];
  const found = areas.map((area) => area.get().then(JSON.stringify, String));
  Promise.all(found).then((texts) => {
    document.title = texts.join();
  });
}
