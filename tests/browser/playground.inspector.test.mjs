// @ts-check
/** The requests view of the playground: order, search, polls, cURL, HAR and replay. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { capture } from "../../scripts/lib/run.mjs";
import { clone, go, playground, start, usePlayground } from "../lib/playground.mjs";

const KEY = "bu_canary_4711";

describe("the requests view of the playground", () => {
  usePlayground();

  test("calls are listed newest first with their time, can be searched, and polls are one entry", async () => {
    const { page, complaints, done } = await playground.visit();
    await page.getByText("17 skills").waitFor();
    for (let visit = 0; visit < 3; visit += 1) {
      await go(page, "#/skills");
      await page.getByText("1 skill", { exact: true }).waitFor();
      await go(page, "#/emulator");
      await page.getByRole("heading", { name: "Emulator", level: 1 }).waitFor();
    }
    await go(page, "#/requests");
    const rows = page.locator(".call");
    assert.deepEqual(await rows.evaluateAll((all) => all.map((row) => row.dataset.operation)), [
      "skills.list",
      "marketplace.list",
    ]);
    assert.match((await rows.first().textContent()) ?? "", /\d+:\d\d:\d\d/);
    await page.getByRole("button", { name: "Show 2 earlier polls" }).click();
    assert.equal(await rows.count(), 4);
    await page.getByLabel("Search the calls").fill("/marketplace");
    await page.getByRole("status").getByText("1 call", { exact: true }).waitFor();
    assert.equal(await rows.count(), 1);
    await rows.first().click();
    await page.getByLabel("Timing", { exact: true }).check({ force: true });
    await page.getByRole("rowheader", { name: "Attempt 1: 200" }).waitFor();
    assert.deepEqual(complaints, []);
    await done();
  });

  test("a GET is replayed as a new call, and a POST is not", async () => {
    const { page, done } = await playground.visit();
    const id = await clone(page, "weather-forecast");
    await page.getByRole("heading", { name: "Manage" }).waitFor();
    await go(page, "#/requests");
    const gets = page.locator(".call[data-operation='skills.get']");
    await gets.first().click();
    await page.getByRole("button", { name: "Replay" }).click();
    await page.getByRole("button", { name: "Show 1 earlier poll" }).waitFor();
    await gets.first().click();
    await page.getByLabel("Request", { exact: true }).check({ force: true });
    assert.match((await page.locator(".call-detail pre").textContent()) ?? "", new RegExp(`/skills/${id}`));
    await page.locator(".call[data-operation='marketplace.clone']").click();
    await page.locator(".call-detail", { hasText: "marketplace.clone" }).waitFor();
    assert.equal(await page.getByRole("button", { name: "Replay" }).count(), 0);
    await done();
  });

  test("the copied cURL works and the HAR file is complete, both without the key", async () => {
    const guarded = await start("--api-key", KEY);
    const { page, done } = await playground.visit("", { permissions: ["clipboard-read", "clipboard-write"] });
    await go(page, "#/connect?mode=key");
    await page.getByLabel("Base URL of the API").fill(guarded.baseUrl);
    await page.getByLabel("API key").fill(KEY);
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await page.locator(".badge[data-mode=key]").waitFor();
    await go(page, "#/skills");
    await page.getByText("1 skill", { exact: true }).waitFor();
    await go(page, "#/requests");
    await page.locator(".call[data-operation='skills.list']").click();
    await page.getByRole("button", { name: "Copy as cURL" }).click();
    await page.getByText("Copied").waitFor();
    const command = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(!command.includes(KEY), command);
    const env = { ...process.env, BROWSER_USE_API_KEY: KEY };
    const printed = await capture("sh", ["-c", `${command} --silent`], { env });
    assert.equal(JSON.parse(printed ?? "").totalItems, 1);

    const saving = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save as HAR" }).click();
    const text = await readFile(await (await saving).path(), "utf8");
    assert.ok(!text.includes(KEY));
    const { version, entries } = JSON.parse(text).log;
    assert.equal(version, "1.2");
    const list = entries.find(
      (/** @type {any} */ { request }) => /\/skills(\?|$)/.test(request.url) && !/market/.test(request.url),
    );
    assert.equal(list.request.method, "GET");
    assert.equal(list.response.status, 200);
    assert.equal(JSON.parse(list.response.content.text).totalItems, 1);
    assert.ok(Date.parse(list.startedDateTime) > Date.now() - 600_000);
    await done();
  });
});
