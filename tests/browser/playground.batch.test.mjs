// @ts-check
/** Batches in the playground: rows are checked before anything is paid, and each is paid for once. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import {
  addFault,
  clone,
  connectTo,
  emulator,
  go,
  playground,
  setSpeed,
  usePlayground,
} from "../lib/playground.mjs";

/** @typedef {import("playwright-core").Page} Page */

const ROWS = 20;

/** Texts that CSV must quote, and others that are no ASCII. */
const SPECIAL = ["Oslo, Norway", 'The "Big" Apple', "two\nlines", "Zürich ☂", "'=1+1", "東京"];

const cities = Array.from({ length: ROWS }, (_, index) => SPECIAL[index] ?? `City ${index}`);

/** @param {readonly string[]} values */
const csvOf = (values) =>
  ["Where,note", ...values.map((value) => `"${value.replaceAll('"', '""')}",any`)].join("\n");

/** Opens the batch of a clone, and fills in its rows. @param {Page} page */
async function fill(page, text = csvOf(cities)) {
  const id = await clone(page, "weather-forecast", "batch");
  await page.getByLabel("CSV or JSON").fill(text);
  await page.getByLabel("location", { exact: true }).selectOption("Where");
  return id;
}

/** @param {Page} page @param {string} label */
const setNumber = async (page, label, /** @type {number} */ value) => {
  const field = page.getByLabel(label);
  await field.fill(String(value));
  await field.blur();
};

/** @param {Page} page @param {string} name */
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

/** @param {Page} page */
const untilEnded = (page) => page.locator("[data-batch=ended]").waitFor({ timeout: 60_000 });

/** Returns a figure of the progress. @param {Page} page @param {string} name */
async function figure(page, name) {
  const tile = page.locator(".figures > div").filter({ has: page.getByText(name, { exact: true }) });
  return Number((await tile.locator("dd").textContent())?.replaceAll(",", ""));
}

/** Returns the number of executions in the history. @param {Page} page @param {string} id */
async function executions(page, id) {
  await go(page, `#/skill/${id}/history`);
  const text = await page.getByText(/^\d+ executions?$/).textContent();
  return Number.parseInt(text ?? "", 10);
}

/** @param {Page} page @param {string} name */
async function downloaded(page, name) {
  const [download] = await Promise.all([page.waitForEvent("download"), press(page, name)]);
  return readFile(await download.path(), "utf8");
}

describe("a batch in the playground", () => {
  usePlayground();

  test("runs each row once, despite lost responses and 429, and its files have all rows", async () => {
    const { page, complaints, done } = await playground.visit();
    await setSpeed(page, "Instant");
    await addFault(page, "Lose the response", { operation: "skills.execute", count: 1 });
    const id = await fill(page);
    await page.getByText("At most 20 executions").waitFor();
    await page.getByRole("button", { name: "Break something" }).click();
    await page.getByRole("button", { name: "Rate-limit storm" }).click();
    const armed = page.getByRole("list", { name: "Pending faults" });
    await armed.getByText("429 ×2").waitFor();
    await armed.getByText("lost response").waitFor();
    await press(page, "Start the batch");
    await untilEnded(page);
    await armed.getByRole("listitem").first().waitFor({ state: "detached" });
    assert.deepEqual([await figure(page, "Done"), await figure(page, "Executions")], [ROWS, ROWS]);
    const rows = (await downloaded(page, "NDJSON file"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      rows.map(({ row, status }) => [row.Where, status]),
      cities.map((city) => [city, "done"]),
    );
    const csv = await downloaded(page, "CSV file");
    assert.match(csv, /^Where,note,index,status,executionId,error,output\r\n"Oslo, Norway",any,0,done,/);
    assert.equal(await executions(page, id), ROWS);
    assert.deepEqual(
      complaints.filter((text) => !/429/.test(text)),
      [],
    );
    await done();
  });

  test("continues after a reload, runs no row twice, and restores the results of a finished batch", async () => {
    const { page, done } = await playground.visit();
    const id = await fill(page);
    await press(page, "Start the batch");
    await page.waitForFunction(
      () => Number(document.querySelector(".batch progress")?.getAttribute("value")) >= 4,
    );
    await page.reload();
    await page.locator("[data-batch=stopped]").waitFor();
    await press(page, "Continue");
    await untilEnded(page);
    assert.equal(await figure(page, "Done"), ROWS);
    assert.equal(await figure(page, "Executions"), ROWS);
    await page.reload();
    await untilEnded(page);
    await page.locator(".data table[aria-rowcount='21']").waitFor();
    assert.equal(await executions(page, id), ROWS);
    await done();
  });

  test("pauses, continues, is cancelled, and stops at its budget", async () => {
    const { page, done } = await playground.visit();
    const id = await fill(page);
    await setNumber(page, "Budget (optional)", 6);
    await page.getByText("At most 6 executions").waitFor();
    await press(page, "Start the batch");
    await press(page, "Pause");
    await page.locator("[data-batch=paused]").waitFor();
    await press(page, "Continue");
    await page.getByText("Paused: the budget is used up").waitFor();
    await page.waitForFunction(
      () => document.querySelector(".batch progress")?.getAttribute("value") === "6",
    );
    await press(page, "Cancel");
    await page.locator("[data-batch=stopped]").waitFor();
    assert.equal(await figure(page, "Done"), 6);
    await setNumber(page, "Budget (optional)", ROWS);
    await press(page, "Continue");
    await untilEnded(page);
    assert.equal(await figure(page, "Executions"), ROWS);
    assert.equal(await executions(page, id), ROWS);
    await done();
  });

  test("refuses invalid rows with their number, and an invalid file with its line, before anything is paid", async () => {
    const { page, done } = await playground.visit();
    const id = await fill(page, csvOf(["Oslo", "", "Bergen"]));
    await page.getByText("3 rows · 1 invalid").waitFor();
    await press(page, "Start the batch");
    const alert = page.locator(".batch [role=alert]");
    await alert.getByText("Nothing was started").waitFor();
    assert.match((await alert.textContent()) ?? "", /Row 2: location: This parameter is required/);
    for (const [text, problem] of /** @type {const} */ ([
      ["Where\na,b", /on line 2/],
      ["Where,Where\na,b", /Line 1: there are two columns "Where"/],
      ['{"Where": "Oslo"}\n{"Where"', /Line 2 is not JSON/],
      ['[{"Where": "Oslo"}, 1]', /Row 2 is not a JSON object/],
    ])) {
      await page.getByLabel("CSV or JSON").fill(text);
      await page.locator(".batch .problem").getByText(problem).waitFor();
    }
    assert.equal(await executions(page, id), 0);
    await done();
  });

  test("takes the rows of a JSON file, and maps fields of the same name", async () => {
    const { page, done } = await playground.visit();
    await clone(page, "weather-forecast", "batch");
    const buffer = Buffer.from(JSON.stringify([{ Location: "Oslo" }, { Location: "Bergen" }]));
    await page
      .getByLabel("Or a file")
      .setInputFiles({ name: "rows.json", mimeType: "application/json", buffer });
    await page.getByText("2 rows", { exact: true }).waitFor();
    assert.equal(await page.getByLabel("location", { exact: true }).inputValue(), "Location");
    await done();
  });

  test("pays at an emulator over HTTP for each row once, across a reload", async () => {
    const { page, done } = await playground.visit();
    await connectTo(page, emulator.baseUrl);
    const id = await fill(page);
    await press(page, "Start the batch");
    await page.waitForFunction(
      () => Number(document.querySelector(".batch progress")?.getAttribute("value")) >= 2,
    );
    await page.reload();
    await press(page, "Continue");
    await untilEnded(page);
    assert.equal(await executions(page, id), ROWS);
    await done();
  });

  test("of a skill of the marketplace is offered with a clone", async () => {
    const { page, done } = await playground.visit("#/marketplace/weather-forecast/batch");
    await press(page, "Clone and open its batch");
    await page.waitForURL(/#\/skill\/.+\/batch$/);
    await page.getByLabel("CSV or JSON").waitFor();
    await done();
  });
});
