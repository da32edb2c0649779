// @ts-check
/** The playground in a browser: what survives a reload, and what the page says if something does not. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import {
  addFault,
  clone,
  fillRequired,
  go,
  playground,
  runButton,
  screenshot,
  setEmulator,
  setSpeed,
  usePlayground,
} from "../lib/playground.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** Clones a skill and runs it. @param {Page} page */
async function cloneAndRun(page) {
  const id = await clone(page, "weather-forecast", "run");
  await fillRequired(page, "Oslo");
  await runButton(page).click();
  await page.locator("[data-run=done]").waitFor();
  return id;
}

/** @param {Page} page */
async function reset(page) {
  await go(page, "#/emulator");
  await page.getByRole("button", { name: "Reset emulator" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Reset", exact: true }).click();
  await page.getByText("The emulator is reset.").waitFor();
}

/** @param {Page} page @param {string} name */
async function downloaded(page, name) {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name }).click(),
  ]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}

/** @param {Page} page @param {string} text */
async function upload(page, text) {
  const file = { name: "emulator.json", mimeType: "application/json", buffer: Buffer.from(text) };
  await page.getByLabel("File of the snapshot").setInputFiles(file);
}

describe("the playground", () => {
  usePlayground();

  test("a reload keeps the skills, runs, balance, settings and faults of the emulator", async () => {
    const { page, complaints, done } = await playground.visit();
    const id = await cloneAndRun(page);
    await setEmulator(page, { "Concurrent sessions": "7" });
    await addFault(page, "401", { operation: "skills.delete" });
    await page.reload();
    await page.locator(".badge").getByText("$99.98").waitFor();
    await go(page, `#/skill/${id}/history`);
    await page.getByText("1 execution", { exact: true }).waitFor();
    await page.getByRole("button", { name: /^Output/ }).click();
    await page.locator(".result").waitFor();
    await setEmulator(page, {});
    await page.getByText("1 fault pending.").waitFor();
    assert.equal(await page.getByLabel("Concurrent sessions", { exact: true }).inputValue(), "7");
    const other = await clone(page, "top-stories");
    assert.notEqual(other, id);
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.locator("[data-error=authentication]").waitFor();
    assert.deepEqual(complaints, []);
    await done();
  });

  test("a reload directly after a change keeps it", async () => {
    const { page, done } = await playground.visit();
    const id = await clone(page, "weather-forecast");
    await page.reload();
    await page.getByRole("heading", { name: "Weather Forecast" }).waitFor();
    assert.ok(page.url().includes(id));
    await done();
  });

  test("an execution in the emulator that a reload interrupts is resumed", async () => {
    const { page, done } = await playground.visit();
    await setSpeed(page, "As in the cloud");
    const id = await clone(page, "weather-forecast", "run");
    await fillRequired(page, "Oslo");
    await runButton(page).click();
    await page.locator("[data-run=running]").waitFor();
    await page.locator(".badge").getByText("$99.98").waitFor();
    await page.reload();
    await page.locator("[data-run=running]").getByText("resumed").waitFor();
    await page.locator("[data-run=done]").getByText("recovered").waitFor();
    await page.locator(".badge").getByText("$99.98").waitFor();
    await go(page, `#/skill/${id}/history`);
    await page.getByText("1 execution", { exact: true }).waitFor();
    await done();
  });

  test("after a reset, which must be confirmed, an earlier link names no skill", async () => {
    const { page, done } = await playground.visit();
    const id = await clone(page, "weather-forecast");
    await go(page, "#/emulator");
    await page.getByRole("button", { name: "Reset emulator" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await go(page, `#/skill/${id}`);
    await page.getByRole("heading", { name: "Weather Forecast" }).waitFor();
    await reset(page);
    const second = await clone(page, "top-stories");
    await reset(page);
    const third = await clone(page, "flight-finder");
    assert.equal(new Set([id, second, third]).size, 3);
    await go(page, `#/skill/${id}`);
    await page.locator("[data-error=skill_not_found]").waitFor();
    await page.reload();
    await page.locator("[data-error=skill_not_found]").waitFor();
    await done();
  });

  test("a snapshot is downloaded and restored; an invalid one says what is wrong and changes nothing", async () => {
    const { page, done } = await playground.visit();
    const id = await cloneAndRun(page);
    await go(page, "#/emulator");
    const { name, text } = await downloaded(page, "Download snapshot");
    assert.equal(name, "emulator.json");
    const replaced = await clone(page, "job-openings");
    await reset(page);
    const kept = await clone(page, "top-stories");
    await go(page, "#/emulator");
    for (const [invalid, message] of [
      ["no JSON", "The file is not JSON"],
      ["{}", "the snapshot has no version"],
      [JSON.stringify({ ...JSON.parse(text), version: 2 }), "the snapshot has version 2"],
      [JSON.stringify({ ...JSON.parse(text), skills: [{}] }), "the snapshot is invalid: missing field `id`"],
    ]) {
      await upload(page, invalid);
      await page.locator("[data-error=Error]").getByText(message).waitFor();
    }
    await screenshot(page, "emulator-state");
    await go(page, `#/skill/${kept}`);
    await page.getByRole("heading", { name: "Top Stories" }).waitFor();
    await go(page, "#/emulator");
    await upload(page, text);
    await page.getByText("The snapshot is restored.").waitFor();
    await page.locator(".badge").getByText("$99.98").waitFor();
    await go(page, `#/skill/${id}/history`);
    await page.getByText("1 execution", { exact: true }).waitFor();
    // The emulator does not create the ids again that it created since the snapshot was taken.
    const later = await clone(page, "flight-finder");
    assert.ok(![kept, replaced].includes(later));
    await page.reload();
    await page.getByRole("heading", { name: "Flight Finder" }).waitFor();
    await done();
  });

  test("a stored state that cannot be restored does not break the page, and can be downloaded", async () => {
    const { page, complaints, done } = await playground.visit();
    const id = await clone(page, "weather-forecast");
    // A page without the playground, which would store its state when it closes.
    await page.route("**/blank", (route) =>
      route.fulfill({ contentType: "text/html", body: '<link rel="icon" href="data:,">' }),
    );
    await page.goto(`${playground.url}blank`);
    await page.evaluate(
      () =>
        new Promise((resolve, reject) => {
          const opening = indexedDB.open("playground");
          opening.onsuccess = () => {
            const transaction = opening.result.transaction("values", "readwrite");
            transaction.objectStore("values").put({ version: 99, mine: "canary" }, "emulator");
            transaction.oncomplete = resolve;
            transaction.onabort = reject;
          };
        }),
    );
    await page.goto(playground.url);
    await page.getByText("the snapshot has version 99").waitFor();
    await page.getByText("17 skills").waitFor();
    await screenshot(page, "unreadable");
    const { text } = await downloaded(page, "Download the stored state");
    assert.match(text, /canary/);
    assert.notEqual(await clone(page, "top-stories"), id);
    await page.reload();
    await page.getByRole("heading", { name: "Top Stories" }).waitFor();
    assert.equal(await page.locator("[data-problem]").count(), 0);
    assert.deepEqual(complaints, []);
    await done();
  });

  test("a second tab works with a copy, says so, and creates other ids", async () => {
    const { page, done } = await playground.visit();
    const first = await clone(page, "weather-forecast");
    await setEmulator(page, { "Concurrent sessions": "7" });
    const second = await page.context().newPage();
    await second.goto(playground.url);
    await second.getByText("The emulator is open in another tab").waitFor();
    const copied = await clone(second, "top-stories");
    const next = await clone(page, "flight-finder");
    assert.notEqual(copied, next);
    assert.equal(await page.locator("[data-problem]").count(), 0);
    await page.reload();
    await page.getByRole("heading", { name: "Flight Finder" }).waitFor();
    await page.close();
    await second.reload();
    await second.locator("[data-error=skill_not_found]").waitFor();
    assert.equal(await second.locator("[data-problem]").count(), 0);
    await go(second, `#/skill/${first}`);
    await second.getByRole("heading", { name: "Weather Forecast" }).waitFor();
    await done();
  });

  test("a reload during a creation keeps the text, and does not create a second skill", async () => {
    const { page, done } = await playground.visit();
    await addFault(page, "Stall", { operation: "skills.create" });
    await go(page, "#/skills/new");
    await page.getByLabel("Goal").fill("Stories of today");
    await page.getByLabel("Agent prompt").fill("Open the page and read it");
    await page.reload();
    assert.equal(await page.getByLabel("Goal").inputValue(), "Stories of today");
    const create = page.getByRole("button", { name: "Create" });
    await create.click();
    await page.locator("button:disabled", { hasText: "Create" }).waitFor();
    // Another tab does not send it again either.
    const other = await page.context().newPage();
    await other.goto(`${playground.url}#/skills/new`);
    await other.getByRole("link", { name: "Check My skills" }).waitFor();
    await other.close();
    await page.reload();
    await page.getByRole("link", { name: "Check My skills" }).waitFor();
    assert.equal(await page.getByLabel("Goal").inputValue(), "Stories of today");
    assert.ok(await create.isDisabled());
    await page.getByRole("button", { name: "It is not there" }).click();
    assert.ok(await create.isEnabled());
    const id = await clone(page, "weather-forecast", "refine");
    await page.getByLabel("Feedback").fill("Read the dates too");
    await page.reload();
    assert.equal(await page.getByLabel("Feedback").inputValue(), "Read the dates too");
    assert.ok(page.url().includes(id));
    await done();
  });
});
