// @ts-check
/** The keys of the playground, its command palette, and messages with Undo. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clone, go, playground, usePlayground } from "../lib/playground.mjs";

describe("the keys of the playground", () => {
  usePlayground();

  test("Ctrl+K finds views, skills and actions; / focuses the search and ? shows the keys", async () => {
    const { page, complaints, done } = await playground.visit();
    await page.getByText("17 skills").waitFor();
    await page.keyboard.press("/");
    const search = page.getByRole("searchbox", { name: "Search" });
    assert.ok(await search.evaluate((field) => field === document.activeElement));
    // In a field, the keys are text.
    await page.keyboard.type("a/?");
    assert.equal(await search.inputValue(), "a/?");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("requ");
    await page.getByRole("option", { name: "Requests View" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Requests", level: 1 }).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.keyboard.press("Control+k");
    await page.keyboard.type("flight");
    await page.getByRole("option", { name: "Flight Finder Marketplace" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Flight Finder", level: 1 }).waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("arm");
    await page.getByRole("option", { name: "Arm: Lost response" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("status").getByText("Arm: Lost response").waitFor();
    await page.locator(".armed-fault", { hasText: "lost response" }).waitFor();
    assert.deepEqual(complaints, []);
    await done();
  });

  test("disabling and renaming a skill can be undone, on another view, too", async () => {
    const { page, done } = await playground.visit();
    const id = await clone(page, "weather-forecast");
    const undo = page.getByRole("status").getByRole("button", { name: "Undo" });
    await page.getByRole("button", { name: "Disable" }).click();
    await page.getByText("version 1 · disabled").waitFor();
    await undo.click();
    await page.getByRole("status").getByText("Undone").waitFor();
    await page.getByRole("button", { name: "Disable" }).waitFor();
    await page.getByRole("button", { name: "Rename" }).click();
    await page.getByLabel("Title").fill("Another name");
    await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
    await page.getByRole("heading", { name: "Another name", level: 1 }).waitFor();
    await go(page, "#/requests");
    await undo.click();
    await undo.waitFor({ state: "detached" });
    await page.getByRole("status").getByText("Undone").last().waitFor();
    await go(page, `#/skill/${id}`);
    await page.getByRole("heading", { name: "Weather Forecast", level: 1 }).waitFor();
    await done();
  });
});
