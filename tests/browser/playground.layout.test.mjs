// @ts-check
/** The layout of the playground: nothing is clipped, and nothing covers something else. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clone, fillRequired, go, playground, runButton, usePlayground } from "../lib/playground.mjs";

/** @typedef {import("playwright-core").Page} Page */

const WIDTHS = [1440, 1024, 390];

/** Texts of buttons, chips and states that do not fit in one line between the paddings of their boxes. @param {Page} page */
const clipped = (page) =>
  page
    .locator(":is(button:not(.call), .button, .chip, .status, .tag, .official):not(:has(.unseen))")
    .evaluateAll((elements) =>
      elements
        .filter((element) => {
          const { paddingLeft, paddingRight } = getComputedStyle(element);
          const space =
            element.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
          const range = document.createRange();
          range.selectNodeContents(element);
          const { width, height } = range.getBoundingClientRect();
          const isWrapped = height > 1.5 * Number.parseFloat(getComputedStyle(element).lineHeight);
          return element.clientWidth > 0 && (isWrapped || width > space + 1);
        })
        .map(({ textContent }) => textContent),
    );

/** Runs the open skill, and waits for the result. @param {Page} page */
async function run(page) {
  await fillRequired(page, "Oslo");
  await runButton(page).click();
  await page.locator("[data-run=done]").waitFor();
}

describe("the layout of the playground", () => {
  usePlayground();

  for (const width of WIDTHS) {
    test(`no text of a control is clipped, and no view is wider than the page, ${width} px`, async () => {
      const { page, done } = await playground.visit("", { viewport: { width, height: 860 } });
      await page.getByText("17 skills").waitFor();
      const id = await clone(page, "weather-forecast", "run");
      await run(page);
      const views = [
        "",
        "marketplace",
        "marketplace/weather-forecast",
        `skill/${id}`,
        `skill/${id}/run`,
        `skill/${id}/refine`,
        `skill/${id}/history`,
        "skills",
        "skills/new",
        "requests",
        "emulator",
        "connect",
        "nowhere",
      ];
      for (const view of views) {
        await go(page, `#/${view}`);
        await page.locator("main h1").waitFor();
        await page.locator("main progress").waitFor({ state: "detached" });
        assert.deepEqual(await clipped(page), [], view);
        const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(excess <= 0, `${view}: ${excess} px`);
      }
      await done();
    });
  }

  test("a card of the marketplace shows two lines of the description, and no part of a third", async () => {
    const { page, done } = await playground.visit("#/marketplace");
    const description = page.locator(".card.skill .description", { hasText: "front page of a" });
    const { height, line } = await description.evaluate((element) => ({
      height: element.getBoundingClientRect().height,
      line: Number.parseFloat(getComputedStyle(element).lineHeight),
    }));
    assert.equal(height, 2 * line);
    await done();
  });

  test("the code of the runner never covers the requests", async () => {
    const { page, done } = await playground.visit("", { viewport: { width: 1440, height: 700 } });
    await clone(page, "weather-forecast", "run");
    await run(page);
    const requests = page.getByRole("heading", { name: "Requests" });
    await requests.waitFor();
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    const bottom = await page.locator(".code").evaluate((element) => element.getBoundingClientRect().bottom);
    const top = await page
      .locator(".runner > .calls")
      .evaluate((element) => element.getBoundingClientRect().top);
    assert.ok(bottom <= top, `the code ends at ${bottom}, the requests begin at ${top}`);
    await done();
  });

  test("on a phone, the steps of the live call begin on the first screen", async () => {
    const { page, done } = await playground.visit("", { viewport: { width: 390, height: 844 } });
    const box = await page.locator(".step").first().boundingBox();
    const dock = await page.locator(".dock").boundingBox();
    assert.ok(box && dock && box.y + box.height < dock.y);
    await done();
  });
});
