// @ts-check
/** The first screen of the playground: the live call, without the WebAssembly and without shifts, and the marketplace. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { SITE } from "../../scripts/site.mjs";
import { go, playground, usePlayground } from "../lib/playground.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** @param {Page} page @param {"throttled" | "broken"} name */
const finished = (page, name) => page.locator(`.live[data-demo=${name}][data-state=done]`).waitFor();

/** The details of the steps. @param {Page} page */
const steps = (page) => page.locator(".step .soft").allTextContents();

/** Records layout shifts from the first paint on. @param {Page} page */
const recordShifts = (page) =>
  page.addInitScript(() => {
    const shifts = /** @type {string[]} */ ([]);
    Object.assign(globalThis, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, hadRecentInput, sources } = /** @type {any} */ (entry);
        if (!hadRecentInput)
          shifts.push(
            `${value}: ${sources.map((/** @type {any} */ { node }) => node?.outerHTML ?? node?.nodeName).join(" ")}`,
          );
      }
    }).observe({ type: "layout-shift", buffered: true });
  });

/** @param {Page} page */
const shiftsOf = (page) => page.evaluate(() => /** @type {any} */ (globalThis).shifts);

/** Visits the page, whose scripts are requested but do not arrive before `release()`. */
async function visitWithoutScript(/** @type {string} */ hash, /** @type {() => void} */ prepare = () => {}) {
  const { page, complaints, done } = await playground.visit("#/nowhere");
  /** @type {() => void} */
  let release = () => {};
  const released = new Promise((resolve) => {
    release = () => resolve(undefined);
  });
  await page.addInitScript(prepare);
  await page.context().route("**/assets/*.js", async (route) => {
    await released;
    await route.continue();
  });
  // Another URL, so that the page is loaded again.
  await page.goto(`${playground.url}?${hash}`, { waitUntil: "commit" });
  return { page, complaints, release, done };
}

/** Waits for the first paint. @param {Page} page */
const firstPaint = (page) =>
  page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length === 1);

describe("the first screen of the playground", () => {
  usePlayground();

  test("a call runs by itself: 429, a countdown, a retry and the result", async () => {
    const { page, complaints, done } = await playground.visit();
    await page.getByText(/retries in [0-9.]+ s/).waitFor();
    await finished(page, "throttled");
    const [sent, waited, retried, result] = await steps(page);
    assert.match(sent ?? "", /^429/);
    assert.match(waited ?? "", /Retry-After/);
    assert.match(retried ?? "", /^200 OK/);
    assert.equal(result, "2 requests, 1 execution paid for");
    assert.match(await page.locator(".forecast tbody tr").first().innerText(), /[A-Z][a-z]+ \d+.*°/s);
    assert.deepEqual(complaints, []);
    await done();
  });

  test("“Break it” loses the response, and the client returns the result of the execution", async () => {
    const { page, done } = await playground.visit();
    await page.getByRole("button", { name: "Break it" }).click();
    await finished(page, "broken");
    const [sent, found, fetched, result] = await steps(page);
    assert.match(sent ?? "", /Connection lost/);
    assert.match(found ?? "", /^Found/);
    assert.equal(fetched, "200 OK");
    assert.equal(result, "recovered: true, 1 execution paid for");
    assert.match(await page.locator(".forecast tbody tr").first().innerText(), /°/);
    await done();
  });

  test("the live call changes nothing of the user's emulator", async () => {
    const { page, done } = await playground.visit();
    await finished(page, "throttled");
    await page.getByRole("button", { name: "Break it" }).click();
    await finished(page, "broken");
    await go(page, "#/emulator");
    assert.equal(await page.getByLabel("Credits", { exact: true }).inputValue(), "100");
    await go(page, "#/skills");
    await page.getByText("1 skill", { exact: true }).waitFor();
    await go(page, "#/requests");
    const text = (await page.locator("main").textContent()) ?? "";
    assert.match(text, /skills\.list/);
    assert.doesNotMatch(text, /skills\.execute|marketplace\.clone/);
    await done();
  });

  test("the first screen is complete before the WebAssembly is loaded, and the emulator's is loaded once", async () => {
    const { page, done } = await playground.visit("#/nowhere");
    /** @type {string[]} */
    const loaded = [];
    /** @type {() => void} */
    let release = () => {};
    const released = new Promise((resolve) => {
      release = () => resolve(undefined);
    });
    await page.context().route("**/*.wasm", async (route) => {
      loaded.push(route.request().url());
      await released;
      await route.continue();
    });
    await page.goto(playground.url);
    await page.getByLabel("Place of the forecast").fill("Rome");
    assert.equal(await page.locator(".step").count(), 4);
    assert.equal(await page.locator(".cards .skeleton").count(), 12);
    await page.getByRole("button", { name: "Break it" }).click();
    release();
    await finished(page, "broken");
    await page.getByText("17 skills").waitFor();
    assert.equal(loaded.filter((url) => url.includes("_emulator_bg")).length, 1);
    await done();
  });

  test("the first paint does not wait for the script, and the script continues with what is painted", async () => {
    const { page, complaints, release, done } = await visitWithoutScript("");
    const heading = page.getByRole("heading", { level: 1 });
    await heading.waitFor();
    await firstPaint(page);
    assert.equal(await page.locator(".step").count(), 4);
    assert.equal(await page.locator(".cards .skeleton").count(), 12);
    const painted = await heading.elementHandle();
    release();
    await page.getByText("17 skills").waitFor();
    // The same elements: new ones would be painted again.
    assert.ok(await painted?.evaluate((element) => element.isConnected));
    assert.equal(await page.locator("h1").count(), 1);
    assert.deepEqual(complaints, []);
    await done();
  });

  test("before the script, another view shows only the frame, in the stored colours", async () => {
    const { page, release, done } = await visitWithoutScript("#/emulator", () => {
      localStorage.setItem("playground.theme", '"dark"');
    });
    await page.getByRole("navigation", { name: "Main" }).waitFor();
    await firstPaint(page);
    assert.equal(await page.locator("h1").isVisible(), false);
    assert.equal(await page.locator(".badge").isVisible(), false);
    assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
    release();
    await page.getByRole("heading", { name: "Emulator", level: 1 }).waitFor();
    assert.equal(await page.locator(".badge").isVisible(), true);
    await done();
  });

  test("the first load is smaller than 300 kB, and requests each file once", async () => {
    const { page, complaints, done } = await playground.visit("#/nowhere");
    // The requests of this view.
    await page.waitForLoadState("networkidle");
    /** @type {string[]} */
    const files = [];
    await page.context().route("**/*", async (route) => {
      files.push(new URL(route.request().url()).pathname.replace("/some/path/", ""));
      await route.continue();
    });
    await page.goto(playground.url);
    await finished(page, "throttled");
    await page.getByText("Show the code").waitFor();
    const wasm = files.filter((file) => file.endsWith(".wasm"));
    assert.deepEqual(wasm, [...new Set(wasm)]);
    const sizes = files.map(
      (file) => brotliCompressSync(readFileSync(join(SITE, file || "index.html"))).length,
    );
    const sum = sizes.reduce((total, size) => total + size, 0);
    const list = files.map((file, index) => `${file} ${sizes[index]}`).join(", ");
    assert.ok(sum > 200_000 && sum < 300_000, `${sum} bytes: ${list}`);
    assert.deepEqual(complaints, []);
    await done();
  });

  for (const width of [1440, 390]) {
    test(`nothing shifts while the page loads and the call runs, ${width} px`, async () => {
      const { page, done } = await playground.visit("#/nowhere", { viewport: { width, height: 900 } });
      await recordShifts(page);
      await page.goto(playground.url);
      await page.getByText("17 skills").waitFor();
      await finished(page, "throttled");
      assert.deepEqual(await shiftsOf(page), []);
      await done();
    });
  }

  test("with reduced motion, nothing starts by itself and nothing is animated", async () => {
    const { page, done } = await playground.visit("", { reducedMotion: "reduce" });
    await page.getByText("17 skills").waitFor();
    assert.equal(await page.locator(".live").getAttribute("data-state"), "idle");
    await page.getByRole("button", { name: "Get the forecast" }).click();
    await page.locator(".step[data-state=bad]").waitFor();
    const animations = await page.evaluate(() => document.getAnimations().length);
    assert.equal(animations, 0);
    assert.equal(await page.locator("[data-countdown]").count(), 0);
    await finished(page, "throttled");
    await done();
  });

  test("a card of the marketplace is one link, and the skills are sorted and counted by category", async () => {
    const { page, complaints, done } = await playground.visit("#/marketplace");
    await page.getByText("17 skills").waitFor();
    const names = page.locator(".card.skill .name a");
    assert.equal(await names.first().textContent(), "Web Search");
    await page.getByLabel("Sort by").selectOption("Newest");
    await page.locator(".card.skill .name a", { hasText: "Weather Forecast" }).waitFor();
    assert.equal(await names.first().textContent(), "Weather Forecast");
    const chips = page.getByRole("navigation", { name: "Categories" });
    await chips.getByRole("link", { name: "E-commerce 3" }).click();
    await page.getByText("3 skills", { exact: true }).waitFor();
    assert.equal(await page.locator(".card.skill svg path").count(), 3);
    const card = page.locator(".card.skill", { hasText: "Product Price Comparison" });
    assert.equal(await card.locator("a, button, input").count(), 1);
    const box = await card.boundingBox();
    assert.ok(box);
    // In a corner, far from the text of the link.
    await page.mouse.click(box.x + box.width - 8, box.y + box.height - 8);
    await page.getByRole("heading", { name: "Product Price Comparison", level: 1 }).waitFor();
    assert.deepEqual(complaints, []);
    await done();
  });
});
