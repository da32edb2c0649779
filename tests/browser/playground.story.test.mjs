// @ts-check
/** What a run says about itself, and when it is offered. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  clone,
  connectTo,
  emulator,
  fillRequired,
  go,
  playground,
  runButton,
  setEmulator,
  setSpeed,
  usePlayground,
} from "../lib/playground.mjs";

describe("a run", () => {
  usePlayground();

  test("is offered only while the skill can run", async () => {
    const { page, done } = await playground.visit();
    await setSpeed(page, "As in the cloud");
    await go(page, "#/skills/new");
    await page.getByLabel("Goal").fill("Stories");
    await page.getByLabel("Agent prompt").fill("Open the page and read it");
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("button", { name: "Cancel the generation" }).waitFor();
    const id = /#\/skill\/([^/]+)/.exec(page.url())?.[1];
    const isRejected = async (/** @type {string | undefined} */ skillId, /** @type {string} */ reason) => {
      await go(page, `#/skill/${skillId}/run`);
      await page.locator(".run-bar").getByText(reason).waitFor();
      assert.ok(await runButton(page).isDisabled());
      await page.keyboard.press("Control+Enter");
      assert.equal(await page.locator("[data-run]").count(), 0);
    };
    await isRejected(id, "still being generated");
    await go(page, `#/skill/${id}`);
    await page.getByRole("button", { name: "Cancel the generation" }).click();
    await page.locator(".status[data-status=cancelled]").waitFor();
    await isRejected(id, "The generation was cancelled");
    const cloneId = await clone(page, "top-stories");
    await page.getByRole("button", { name: "Disable" }).click();
    await page.getByText("disabled").first().waitFor();
    await isRejected(cloneId, "The skill is disabled");
    await done();
  });

  test("shows its parameters, without cookies, and an output of the history can be closed", async () => {
    const { page, done } = await playground.visit();
    await setSpeed(page, "Instant");
    const id = await clone(page, "order-history", "run");
    await fillRequired(page, "canary-cookie");
    await page.getByLabel("limit").fill("3");
    await runButton(page).click();
    const card = page.locator("[data-run=done]");
    await card.waitFor();
    assert.match((await card.locator(".given").textContent()) ?? "", /sessionCookie •••.*limit 3/);
    await go(page, `#/skill/${id}/history`);
    await page.getByRole("button", { name: /^Output/ }).click();
    await page.getByText(/^3 rows/).waitFor();
    await page.getByRole("button", { name: /^Close/ }).click();
    await page.getByText(/^3 rows/).waitFor({ state: "detached" });
    await page.getByRole("button", { name: /^Output/ }).click();
    await page.getByText(/^3 rows/).waitFor();
    await done();
  });

  test("says that it waits for a slot, also in a closed card", async () => {
    const { page, done } = await playground.visit();
    await setEmulator(page, { "The client's maxConcurrent": "2" });
    await setSpeed(page, "Fast");
    await go(page, "#/marketplace/top-stories/run");
    await page.getByText("Options", { exact: true }).click();
    await page.getByLabel("Number of runs").fill("10");
    await page.getByLabel("Number of runs").blur();
    await page.getByRole("button", { name: "Run 10 times" }).click();
    const queued = page
      .locator("[data-run=running] summary")
      .filter({ hasText: "Queued: 2 of 2 slots busy" });
    await queued.nth(7).waitFor();
    await done();
  });

  test("says why it waits, with a countdown, and afterwards what delayed it", async () => {
    const { page, done } = await playground.visit();
    await connectTo(page, emulator.baseUrl);
    await clone(page, "weather-forecast", "run");
    await fillRequired(page, "Oslo");
    // In the body: a page on another origin cannot read the header.
    const body = { detail: "Rate limit exceeded", retry_after_seconds: 2, limit_rps: 10 };
    await emulator.ask("POST", "/faults", { operation: "skills.execute", kind: "status", status: 429, body });
    await runButton(page).click();
    const waiting = page.locator("[data-run=running] .waiting");
    await waiting.getByText(/429, retrying \(attempt 2 of 3\) in \d\.\d s/).waitFor();
    await page
      .locator("[data-run=done]")
      .getByText(/^429, retried after \d\.\d s/)
      .waitFor();
    await emulator.ask("POST", "/faults", { operation: "skills.execute", kind: "drop", when: "after" });
    await runButton(page).click();
    await page.locator("[data-run=done]").getByText("Response lost, searched for").waitFor();
    await done();
  });
});
