// @ts-check
/** The faults at the bottom of every page of the playground, and links that arm them. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { connectTo, emulator, go, playground, usePlayground } from "../lib/playground.mjs";

describe("the faults of the playground", () => {
  usePlayground();

  test("a scenario is armed by one click on any page, and its count decreases with each request", async () => {
    const { page, done } = await playground.visit("#/skills");
    await page.getByText("1 skill", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Break something" }).click();
    await page.getByRole("button", { name: "Rate-limit storm" }).click();
    const armed = page.getByRole("list", { name: "Pending faults" });
    await armed.getByText("429 ×2").waitFor();
    await go(page, "#/marketplace");
    await armed.getByText("429 ×1").waitFor();
    await armed.getByText("429").waitFor({ state: "detached" });
    await page.getByText("17 skills").waitFor();
    await page.getByRole("button", { name: "Rate-limit storm" }).click();
    await armed.getByText("429 ×2").waitFor();
    await page.getByRole("button", { name: "Clear all" }).click();
    await armed.getByText("429").waitFor({ state: "detached" });
    await done();
  });

  test("a link arms its scenarios once, and the copied link has them", async () => {
    const { page, done } = await playground.visit("#/emulator?chaos=lost,storm,nothing", {
      permissions: ["clipboard-read", "clipboard-write"],
    });
    const armed = page.getByRole("list", { name: "Pending faults" });
    await armed.getByText("lost response · skills.execute ×1").waitFor();
    assert.equal(await armed.getByRole("listitem").count(), 2);
    assert.equal(new URL(page.url()).hash, "#/emulator");
    await page.getByRole("button", { name: "Break something" }).click();
    await page.getByRole("button", { name: "Copy a link with these faults" }).click();
    await page.getByText("Copied").waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(new URL(link).hash, "#/emulator?chaos=storm%2Clost");
    await done();
  });

  test("a link arms nothing in an emulator over HTTP", async () => {
    const { page, done } = await playground.visit();
    await connectTo(page, emulator.baseUrl);
    await go(page, "#/skills?chaos=lost");
    await page.getByRole("heading", { name: "My skills" }).waitFor();
    await page.waitForURL(/#\/skills$/);
    await page.getByText("1 skill", { exact: true }).waitFor();
    assert.deepEqual(await emulator.ask("GET", "/faults"), []);
    await done();
  });
});
