// @ts-check
/** The story of the playground in Firefox and WebKit, with the emulator in the page: search, clone, run, history. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { serveFolder } from "../../scripts/serve.mjs";
import { buildSite, SITE } from "../../scripts/site.mjs";
import { launchFirefox } from "../lib/firefox.mjs";
import { until } from "../lib/until.mjs";
import { launchWebKit, WEBKIT_SKIPPED } from "../lib/webkit.mjs";

/** The key of an element in WebDriver's JSON. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const BROWSERS = { Firefox: launchFirefox, WebKit: launchWebKit };

for (const [name, launch] of Object.entries(BROWSERS)) {
  const skip = name === "WebKit" && WEBKIT_SKIPPED;
  describe(`the playground in ${name}`, { skip }, () => {
    /** @type {Awaited<ReturnType<typeof serveFolder>>} */
    let site;
    /** @type {Awaited<ReturnType<typeof launchWebKit>>} */
    let page;
    before(async () => {
      await buildSite();
      [site, page] = await Promise.all([serveFolder({ mounts: { "/": SITE } }), launch()]);
    });
    after(async () => {
      await page?.close();
      await site?.close();
    });

    const all = (/** @type {string} */ xpath) =>
      page.command("/elements", { using: "xpath", value: xpath }).then((found) => found.map(idOf));
    const idOf = (/** @type {Record<string, string>} */ element) => element[ELEMENT];
    /** Waits for an element. @param {string} xpath @returns {Promise<string>} its id */
    const find = async (xpath) => {
      await until(async () => (await all(xpath)).length > 0);
      const [first] = await all(xpath);
      return first;
    };
    const click = async (/** @type {string} */ xpath) =>
      page.command(`/element/${await find(xpath)}/click`, {});
    const type = async (/** @type {string} */ xpath, /** @type {string} */ text) =>
      page.command(`/element/${await find(xpath)}/value`, { text });

    test("finds, clones and runs a skill, and lists the execution", async () => {
      // Without the first screen: WebKit's driver does not scroll to the card below it.
      await page.goto(`${site.url}#/marketplace`);
      await type(`//input[@type="search"]`, "stories");
      await find(`//*[normalize-space()="1 skill"]`);
      await click(`//a[normalize-space()="Top Stories"]`);
      await click(`//button[normalize-space()="Clone"]`);
      await find(`//h2[normalize-space()="Manage"]`);
      await click(`//a[normalize-space()="Run"]`);
      await type(`//input[@id=//label[contains(., "limit")]/@for]`, "4");
      await click(`//form//button[@type="submit"]`);
      await find(`//*[@data-run="done"]//*[starts-with(normalize-space(), "4 rows")]`);
      await click(`//a[normalize-space()="History"]`);
      await find(`//*[normalize-space()="1 execution"]`);
      assert.match(await page.evaluate(() => document.title), /Top Stories/);
    });
  });
}
