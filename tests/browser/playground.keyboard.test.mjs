// @ts-check
/** The playground without a pointer: from the first screen to a result, and to the recovery of a lost response. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { connectTo, emulator, go, playground, setSpeed, usePlayground } from "../lib/playground.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** More than the elements of any view. */
const MAX_TABS = 150;

/** Describes the element that has the focus. @param {Page} page */
const focused = (page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return { isLost: true, isVisible: false, name: "" };
    const isDrawn = (/** @type {Element | null} */ one, pseudo = "") => {
      if (!one) return false;
      const { outlineStyle, outlineWidth } = getComputedStyle(one, pseudo);
      return outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0;
    };
    // Some controls draw the outline elsewhere: on their text, or on the whole card.
    const isOutlined = isDrawn(element) || isDrawn(element, "::after") || isDrawn(element.nextElementSibling);
    const { top, bottom } = element.getBoundingClientRect();
    // The main part of a view gets the focus after a navigation. It is no control, and has no outline.
    const isControl = element.tagName !== "MAIN";
    return {
      isLost: false,
      isVisible: !isControl || (isOutlined && bottom > 0 && top < innerHeight),
      name: `${element.tagName} ${element.getAttribute("aria-label") ?? element.textContent?.trim() ?? ""}`,
    };
  });

/** @param {Page} page @param {string} after */
async function checkFocus(page, after) {
  const { isLost, isVisible, name } = await focused(page);
  assert.ok(!isLost, `${after}: the focus is lost`);
  assert.ok(isVisible, `${after}: the focus is not visible on ${name}`);
}

/** @param {Page} page @param {string} key */
async function press(page, key) {
  await page.keyboard.press(key);
  await checkFocus(page, key);
}

/**
 * Records each frame in which the focus is lost, such as that of a button that is disabled. Not at the end of the page, where Tab
 * leaves it to the browser's own controls.
 *
 * @param {Page} page
 */
async function watchFocus(page) {
  await page.evaluate(() => {
    /** @type {string[]} */
    const lost = [];
    let last = "";
    let isTab = false;
    addEventListener("keydown", ({ key }) => {
      isTab = key === "Tab";
    });
    const check = () => {
      const element = document.activeElement;
      if (element && element !== document.body) last = element.textContent ?? "";
      else if (!isTab) lost.push(last);
      requestAnimationFrame(check);
    };
    check();
    Object.assign(globalThis, { lostFocus: lost });
  });
}

/** Moves the focus by Tab to an element. @param {Page} page @param {import("playwright-core").Locator} target */
async function tabTo(page, target) {
  await target.first().waitFor();
  for (let count = 0; count < MAX_TABS; count += 1) {
    if (await target.first().evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
    // After its last element, a page leaves the focus to the browser's own controls.
    if (!(await focused(page)).isLost) await checkFocus(page, `Tab to ${target}`);
  }
  assert.fail(`Tab does not reach ${target}`);
}

/** Presses a button, and waits for what it shows. @param {Page} page @param {string} name @param {import("playwright-core").Locator} shown */
async function activate(page, name, shown) {
  await tabTo(page, page.getByRole("button", { name, exact: true }));
  await press(page, "Enter");
  await shown.waitFor();
  await checkFocus(page, name);
}

describe("the playground, by the keyboard alone,", () => {
  usePlayground();

  test("leads from the first screen to a result, and recovers a lost response", async () => {
    const { page, complaints, done } = await playground.visit();
    await setSpeed(page, "Instant");
    await go(page, "#/");
    await page.locator(".live[data-state=done]").waitFor();
    await tabTo(page, page.getByRole("button", { name: "Break it" }));
    await watchFocus(page);
    await activate(page, "Break it", page.getByText("The response was lost."));
    await tabTo(page, page.getByRole("link", { name: "Weather Forecast", exact: true }));
    await press(page, "Enter");
    await activate(page, "Clone", page.getByRole("heading", { name: "Manage" }));
    await tabTo(page, page.getByRole("link", { name: "Run", exact: true }));
    await press(page, "Enter");
    await tabTo(page, page.getByLabel("location"));
    await page.keyboard.type("Oslo");
    await press(page, "Control+Enter");
    const runs = page.locator("[data-run=done]");
    await runs.getByText(/^\d+ rows/).waitFor();
    await checkFocus(page, "the result");
    await activate(page, "Break something", page.locator(".scenarios"));
    await activate(page, "Lost response", page.locator(".armed-fault"));
    await activate(page, "Break something", page.locator(".dock-bar"));
    await tabTo(page, page.getByRole("form", { name: "Parameters" }).getByRole("button", { name: /^Run/ }));
    await press(page, "Enter");
    await runs.getByText("recovered", { exact: true }).waitFor();
    await checkFocus(page, "the recovery");
    await tabTo(page, runs.getByRole("button", { name: "Run again" }));
    await press(page, "Enter");
    await runs.nth(2).waitFor();
    await checkFocus(page, "Run again");
    assert.deepEqual(await page.evaluate("lostFocus"), []);
    assert.deepEqual(complaints, []);
    await done();
  });

  test("keeps the focus on a button while it is busy", async () => {
    const { page, done } = await playground.visit();
    await connectTo(page, emulator.baseUrl);
    await emulator.ask("POST", "/faults", { operation: "marketplace.clone", kind: "delay", ms: 1000 });
    await go(page, "#/marketplace/weather-forecast");
    const clone = page.getByRole("button", { name: "Clone" });
    await tabTo(page, clone);
    await watchFocus(page);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Clone", disabled: true }).waitFor();
    await page.getByRole("heading", { name: "Manage" }).waitFor();
    await checkFocus(page, "Clone");
    assert.deepEqual(await page.evaluate("lostFocus"), []);
    await done();
  });
});
