// @ts-check
/** Every view of the playground: no violations by axe in both themes, and not wider than a phone. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { clone, fillRequired, go, openPlayground, runButton, screenshot } from "../lib/playground.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** The views, each with an element to wait for. @type {Array<[name: string, hash: (id: string) => string, shown: string]>} */
const VIEWS = [
  ["home", () => "#/", ".live[data-state=done]"],
  ["marketplace", () => "#/marketplace", ".cards .skill:not(.skeleton)"],
  ["marketplace, empty", () => "#/?q=nothing", ".empty"],
  ["public skill", () => "#/marketplace/order-history", ".fields"],
  ["public run", () => "#/marketplace/order-history/run", ".runner"],
  ["public batch", () => "#/marketplace/order-history/batch", ".empty"],
  ["not found", () => "#/marketplace/nothing", ".failure"],
  ["my skills", () => "#/skills", ".rows"],
  ["create", () => "#/skills/new", "textarea"],
  ["own skill", (id) => `#/skill/${id}`, ".facts"],
  ["run", (id) => `#/skill/${id}/run`, "[data-run=done]"],
  ["batch", (id) => `#/skill/${id}/batch`, ".batch textarea"],
  ["refine", (id) => `#/skill/${id}/refine`, "textarea"],
  ["history", (id) => `#/skill/${id}/history`, ".chart canvas"],
  ["requests", () => "#/requests", ".call-detail"],
  ["emulator", () => "#/emulator", ".switches"],
  ["connect", () => "#/connect?mode=key", ".warning"],
  ["nowhere", () => "#/nowhere", ".empty"],
];

describe("every view of the playground", () => {
  /** @type {Awaited<ReturnType<typeof openPlayground>>} */
  let playground;
  /** @type {string} */
  let axe;
  before(async () => {
    axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
    playground = await openPlayground();
  });
  after(() => playground?.close());

  /** Creates a skill that has run twice, so that no view is empty. @param {Page} page */
  const prepare = async (page) => {
    const id = await clone(page, "weather-forecast", "run");
    await run(page, "Oslo");
    return id;
  };
  /** Runs the open skill twice. @param {Page} page @param {string} text */
  const run = async (page, text) => {
    await fillRequired(page, text);
    await runButton(page).click();
    await page.locator("[data-run=done]").waitFor();
    await page.locator("[data-run=done]").getByRole("button", { name: "Run again" }).click();
    await page.locator("[data-run=done]").nth(1).waitFor();
  };
  /** Opens all expandable elements. @param {Page} page */
  const unfold = (page) =>
    page.evaluate(() => {
      for (const details of document.querySelectorAll("details")) details.open = true;
    });

  /** Runs axe. @param {Page} page @returns {Promise<string[]>} */
  const violationsOf = (page) =>
    page.evaluate(async () => {
      // @ts-expect-error: axe is a global of the evaluated script.
      const { violations } = await globalThis.axe.run({ rules: { "target-size": { enabled: true } } });
      return violations.flatMap((/** @type {any} */ { id, nodes }) =>
        nodes.map((/** @type {any} */ node) => `${id}: ${node.target} ${node.failureSummary}`),
      );
    });

  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    test(`passes axe, ${colorScheme}`, async () => {
      // Lets the test run scripts, which the page's policy forbids.
      const { page, done } = await playground.visit("", { colorScheme, bypassCSP: true });
      await page.evaluate(axe);
      const id = await prepare(page);
      /** @type {string[]} */
      const violations = [];
      for (const [name, hash, shown] of VIEWS) {
        await go(page, hash(id));
        await page.locator(shown).first().waitFor();
        await unfold(page);
        violations.push(...(await violationsOf(page)).map((what) => `${name}: ${what}`));
      }
      await page.getByRole("button", { name: "Break something" }).click();
      await page.getByRole("button", { name: "Lost response" }).click();
      await page.locator(".armed-fault").waitFor();
      violations.push(...(await violationsOf(page)));
      await page.keyboard.press("Control+k");
      await page.keyboard.type("arm");
      await page.getByRole("option").first().waitFor();
      violations.push(...(await violationsOf(page)));
      await page.keyboard.press("Enter");
      await page.locator(".toast").waitFor();
      violations.push(...(await violationsOf(page)));
      assert.deepEqual(violations, []);
      await done();
    });
  }

  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    test(`passes axe and fits a phone when a connection fails or the state is not stored, ${colorScheme}`, async () => {
      const viewport = { width: 320, height: 640 };
      const { page, done } = await playground.visit("", { colorScheme, viewport, bypassCSP: true });
      await page.getByText("17 skills").waitFor();
      /** @param {Page} shown */
      const check = async (shown) => {
        await shown.evaluate(axe);
        assert.deepEqual(await violationsOf(shown), []);
        const width = await shown.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(width <= 320, `${width} px wide`);
      };
      const copy = await page.context().newPage();
      await copy.goto(playground.url);
      await copy.locator("[data-problem=copy]").waitFor();
      await check(copy);
      await copy.close();
      await go(page, "#/connect?mode=key");
      await page.getByLabel("Base URL of the API").fill("http://127.0.0.1:9/api/v2");
      await page.getByLabel("API key").fill("bu_any");
      await page.getByRole("button", { name: "Connect", exact: true }).click();
      await page.getByText("The server is unreachable.").waitFor();
      await check(page);
      await page.getByRole("button", { name: "Connect anyway" }).click();
      await page.locator(".badge[data-health=unreachable]").waitFor();
      await page.locator("[data-error=network]").waitFor();
      await check(page);
      await page.reload();
      await page.getByRole("heading", { name: "The key has been forgotten" }).waitFor();
      await check(page);
      await done();
    });
  }

  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    test(`passes axe, fits and offers Run in a window of 1280 by 800 pixels at 200 %, ${colorScheme}`, async () => {
      const { page, done } = await playground.visit("", {
        colorScheme,
        viewport: { width: 640, height: 400 },
        deviceScaleFactor: 2,
        bypassCSP: true,
      });
      await page.evaluate(axe);
      const id = await prepare(page);
      /** @type {string[]} */
      const problems = [];
      for (const [name, hash, shown] of VIEWS) {
        await go(page, hash(id));
        await page.locator(shown).first().waitFor();
        const isRun = name.endsWith("run");
        if (isRun && !(await isReachable(page))) problems.push(`${name}: Run is not reachable`);
        await unfold(page);
        problems.push(...(await violationsOf(page)).map((what) => `${name}: ${what}`));
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        if (width > 640) problems.push(`${name} is ${width} px wide`);
        if (isRun && !(await isReachable(page))) problems.push(`${name}, unfolded: Run is not reachable`);
      }
      assert.deepEqual(problems, []);
      await done();
    });
  }

  /** Whether the button that runs the skill is visible, and nothing covers it. @param {Page} page */
  const isReachable = (page) =>
    runButton(page).evaluate((button) => {
      const { left, top, width, height } = button.getBoundingClientRect();
      return button.contains(document.elementFromPoint(left + width / 2, top + height / 2));
    });

  test("fits a small phone, also with long texts without spaces", async () => {
    const { page, done } = await playground.visit("", { viewport: { width: 320, height: 640 } });
    await go(page, "#/skills/new");
    await page.getByLabel("Title").fill("t".repeat(100));
    await page.getByLabel("Description").fill("d".repeat(500));
    await page.getByLabel("Goal").fill("g".repeat(500));
    await page
      .getByLabel("Agent prompt")
      .fill(`Open https://${"w".repeat(60)}.example.com ${"p".repeat(500)}`);
    await page.getByRole("button", { name: "Create" }).click();
    await page.locator(".status[data-status=finished]").waitFor();
    const id = /#\/skill\/([^/]+)/.exec(page.url())?.[1] ?? "";
    await go(page, `#/skill/${id}/run`);
    await run(page, "x".repeat(1000));
    /** @type {string[]} */
    const wide = [];
    for (const [name, hash, shown] of VIEWS) {
      await go(page, hash(id));
      await page.locator(shown).first().waitFor();
      await screenshot(page, `phone-${name.replace(/\W+/g, "-")}`);
      await unfold(page);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      if (width > 320) wide.push(`${name} is ${width} px wide`);
    }
    assert.deepEqual(wide, []);
    await done();
  });
});
