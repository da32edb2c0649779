// @ts-check
/** The view that runs a skill: its panes, the keyboard, motion and what it offers. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  clone,
  fillRequired,
  go,
  playground,
  runButton,
  setSpeed,
  usePlayground,
} from "../lib/playground.mjs";

/** @typedef {import("playwright-core").Locator} Locator */

/** Waits until an element is in the window, in full or by half its height. @param {Locator} element */
async function seen(element) {
  await element.waitFor();
  await element.evaluate(
    (shown) =>
      new Promise((resolve) => {
        const observer = new IntersectionObserver(
          ([entry]) => {
            if (!entry?.isIntersecting) return;
            observer.disconnect();
            resolve(undefined);
          },
          { threshold: 0.5 },
        );
        observer.observe(shown);
      }),
  );
}

describe("the runner", () => {
  usePlayground();

  for (const [name, viewport] of /** @type {const} */ ([
    ["a phone", { width: 390, height: 844 }],
    ["a desktop", { width: 1280, height: 720 }],
  ])) {
    test(`on ${name}, with the options open, Run is visible, and the result is after a run`, async () => {
      const { page, done } = await playground.visit("", { viewport });
      await clone(page, "weather-forecast", "run");
      await page.getByText("Options", { exact: true }).click();
      await fillRequired(page, "Oslo");
      await page.evaluate(() => scrollTo(0, 0));
      await seen(runButton(page));
      await runButton(page).click();
      await page.locator("[data-run=done]").waitFor();
      await seen(page.locator("[data-run=done] summary").first());
      await seen(runButton(page));
      await done();
    });
  }

  test("Ctrl+Enter and Cmd+Enter run the skill, from everywhere on the page", async () => {
    const { page, done } = await playground.visit();
    await clone(page, "weather-forecast", "run");
    await fillRequired(page, "Oslo");
    await page.keyboard.press("Control+Enter");
    await page.locator("[data-run=done]").waitFor();
    await page.locator("main").focus();
    await page.keyboard.press("Meta+Enter");
    await page.locator("[data-run=done]").nth(1).waitFor();
    await done();
  });

  test("an invalid form moves the focus to the first invalid field", async () => {
    const { page, done } = await playground.visit();
    await clone(page, "weather-forecast", "run");
    await runButton(page).click();
    await page.locator("[name=location]:focus[aria-invalid=true]").waitFor();
    await fillRequired(page, "Oslo");
    const options = page.getByText("Options", { exact: true });
    await options.click();
    await page.getByLabel("Session id").fill("12");
    await options.click();
    await runButton(page).click();
    await page.getByLabel("Session id").and(page.locator(":focus")).waitFor();
    assert.equal(await page.locator("[data-run]").count(), 0);
    await done();
  });

  test("with reduced motion, nothing moves", async () => {
    const { page, done } = await playground.visit("", {
      reducedMotion: "reduce",
      viewport: { width: 390, height: 844 },
    });
    await setSpeed(page, "Fast");
    await clone(page, "weather-forecast", "run");
    await fillRequired(page, "Oslo");
    await page.evaluate(() => {
      const { scrollIntoView } = Element.prototype;
      Element.prototype.scrollIntoView = function (options) {
        document.body.dataset.scrolled = JSON.stringify(options);
        scrollIntoView.call(this, options);
      };
    });
    await runButton(page).click();
    const progress = page.locator("[data-run=running] progress");
    await progress.waitFor();
    assert.equal(await progress.evaluate((bar) => getComputedStyle(bar).animationName), "none");
    assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
    assert.match((await page.locator("body").getAttribute("data-scrolled")) ?? "", /"behavior":"instant"/);
    await done();
  });

  test("the code is highlighted, changes with each keystroke, and keeps its language", async () => {
    const { page, complaints, done } = await playground.visit();
    await clone(page, "weather-forecast", "run");
    const code = page.locator(".code pre");
    for (const letter of "Oslo") {
      await page.getByLabel("location").press(letter);
      const typed = await page.getByLabel("location").inputValue();
      await code.getByText(`"${typed}"`).waitFor();
    }
    assert.equal(await code.locator(".token-string").getByText("Oslo", { exact: true }).count(), 1);
    assert.ok((await code.locator(".token-keyword").count()) > 0);
    await page.getByLabel("Rust").check({ force: true });
    await code.locator(".token-keyword").getByText("let", { exact: true }).first().waitFor();
    const texts = {
      JavaScript: '"Bergen"',
      TypeScript: "type Output",
      React: "useState",
      Rust: "let",
      cURL: "--data-raw",
    };
    for (const [language, text] of Object.entries(texts)) {
      await page.getByRole("radio", { name: language, exact: true }).check({ force: true });
      await page.getByLabel("location").fill("Bergen");
      await code.getByText("Bergen").first().waitFor();
      assert.ok((await code.textContent())?.includes(text), language);
      await page.getByLabel("location").fill("Oslo");
      await code.getByText("Oslo").first().waitFor();
    }
    await page.reload();
    await go(page, "#/marketplace/top-stories/run");
    assert.ok(await page.getByRole("radio", { name: "cURL" }).isChecked());
    assert.deepEqual(complaints, []);
    await done();
  });
});
