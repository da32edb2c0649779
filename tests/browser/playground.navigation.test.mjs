// @ts-check
/** The playground in a browser: titles of the tab, and scroll positions after Back, Forward and a reload. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clone, go, playground, usePlayground } from "../lib/playground.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** Waits until the page is scrolled to a position. @param {Page} page @param {number} position */
const scrolledTo = (page, position) =>
  page.waitForFunction((position) => Math.abs(scrollY - position) < 2, position);

describe("the playground", () => {
  usePlayground();

  test("the title of the tab is the same after a reload", async () => {
    const { page, done } = await playground.visit();
    const id = await clone(page, "weather-forecast");
    for (const [hash, heading] of [
      ["#/", "Call Browser Use skills, and never lose a result"],
      ["#/marketplace", "Marketplace"],
      ["#/marketplace/flight-finder", "Flight Finder"],
      [`#/skill/${id}/run`, "Weather Forecast"],
      ["#/skills", "My skills"],
      ["#/nowhere", "Page not found"],
    ]) {
      await go(page, hash);
      const title = `${heading} · browser-use-skills`;
      await page.waitForFunction((title) => document.title.startsWith(title.slice(0, 5)), title);
      await page.getByRole("heading", { name: heading, level: 1 }).waitFor();
      const before = await page.title();
      assert.equal(before, title);
      await page.reload();
      await page.getByRole("heading", { name: heading, level: 1 }).waitFor();
      assert.equal(await page.title(), before);
    }
    await done();
  });

  test("Back, Forward and a reload keep the scroll position, and a link goes to the top", async () => {
    const { page, done } = await playground.visit("", { viewport: { width: 800, height: 500 } });
    await page.getByText("17 skills").waitFor();
    await page.evaluate(() => scrollTo(0, 700));
    await scrolledTo(page, 700);
    // Without scrolling to the link, as Playwright's click may.
    await page.evaluate(() => {
      const links = [...document.querySelectorAll(".cards .skill a")];
      const visible = links.find((link) => link.getBoundingClientRect().top > 100);
      if (visible instanceof HTMLElement) visible.click();
    });
    await page.getByRole("heading", { name: "Parameters" }).waitFor();
    await scrolledTo(page, 0);
    await page.evaluate(() => scrollTo(0, 120));
    await scrolledTo(page, 120);
    await page.goBack();
    await page.getByText("17 skills").waitFor();
    await scrolledTo(page, 700);
    await page.goForward();
    await page.getByRole("heading", { name: "Parameters" }).waitFor();
    await scrolledTo(page, 120);
    await page.goBack();
    await scrolledTo(page, 700);
    await page.reload();
    await page.getByText("17 skills").waitFor();
    await scrolledTo(page, 700);
    // The user's own scrolling has precedence.
    await page.mouse.wheel(0, -300);
    await scrolledTo(page, 400);
    await done();
  });
});
