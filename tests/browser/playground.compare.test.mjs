// @ts-check
/** Runs compared with each other, and the distribution of their latencies. */
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
  screenshot,
  setSpeed,
  usePlayground,
} from "../lib/playground.mjs";

describe("several runs", () => {
  usePlayground();

  test("are compared: parameters and results that differ", async () => {
    const { page, done } = await playground.visit();
    await setSpeed(page, "Instant");
    await clone(page, "weather-forecast", "run");
    await fillRequired(page, "Oslo");
    const run = async (/** @type {string} */ units, /** @type {number} */ number) => {
      await page.getByLabel("units").fill(units);
      await runButton(page).click();
      await page
        .locator("[data-run=done]")
        .nth(number - 1)
        .waitFor();
    };
    await run("metric", 1);
    await run("imperial", 2);
    await page.getByText("Compare two runs").click();
    const rows = page.getByRole("group", { name: "Differences" }).locator("tbody tr");
    const cells = (await rows.allTextContents()).slice(0, 1);
    assert.deepEqual(cells, ["parameters.unitsmetricimperial"]);
    assert.ok((await rows.getByText(/^result\.days\[0\]\.high$/).count()) === 1);
    assert.equal(await rows.getByText("parameters.location").count(), 0);
    await screenshot(page, "compare");
    await run("imperial", 3);
    await page.getByText("The parameters and the results are equal.").waitFor();
    await page.getByLabel("First run").selectOption({ index: 2 });
    await rows.getByText("parameters.units").waitFor();
    await done();
  });

  test("have a histogram with p50 and p95", async () => {
    const { page, done } = await playground.visit();
    await connectTo(page, emulator.baseUrl);
    const id = await clone(page, "top-stories", "run");
    for (const [index, latency] of [100, 200, 300].entries()) {
      await emulator.ask("PATCH", "/settings", { executionMs: latency });
      await runButton(page).click();
      await page.locator("[data-run=done]").nth(index).waitFor();
    }
    await go(page, `#/skill/${id}/history`);
    await page.getByText("p50 200 ms · p95 300 ms").waitFor();
    await done();
  });
});

describe("the versions of a skill", () => {
  usePlayground();

  test("are kept by the browser, and compared field by field", async () => {
    const { page, complaints, done } = await playground.visit();
    await setSpeed(page, "Instant");
    const id = await clone(page, "weather-forecast");
    const versions = page.locator(".versions");
    await versions.getByText("Version 1, current").waitFor();
    assert.equal(await versions.getByRole("combobox").count(), 0);
    await go(page, `#/skill/${id}/refine`);
    await page.getByLabel("Feedback").fill("Read the hours too, and return them.");
    await page.getByRole("button", { name: "Refine" }).click();
    await page.getByText("version 2").first().waitFor();
    const rows = versions.locator("tbody tr");
    await rows.first().waitFor();
    assert.deepEqual(await versions.getByRole("columnheader").allTextContents(), [
      "Path",
      "Version 1",
      "Version 2",
    ]);
    assert.equal(await rows.count(), 1);
    assert.match((await rows.textContent()) ?? "", /^parameters\.detailed.*absent.*"type":"boolean"/);
    await page.getByRole("button", { name: "Roll back" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Roll back" }).click();
    const second = versions.getByLabel("Second version").locator("option:checked");
    await second.getByText("Version 2, rolled back").waitFor({ state: "attached" });
    await page.reload();
    await page.getByRole("heading", { name: "Weather Forecast", level: 1 }).waitFor();
    assert.equal(await rows.count(), 1);
    await versions.getByLabel("First version").selectOption({ index: 1 });
    await versions.getByText("The parameters, the output and the texts are equal.").waitFor();
    await go(page, "#/emulator");
    await page.getByRole("button", { name: "Reset emulator" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Reset" }).click();
    await page.waitForFunction(() => localStorage.getItem("playground.versions") === "{}");
    assert.deepEqual(complaints, []);
    await done();
  });
});
