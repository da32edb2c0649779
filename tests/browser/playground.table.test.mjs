// @ts-check
/** A result as a table: any length, sorted, searched, formatted. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import {
  clone,
  connectTo,
  emulator,
  fillRequired,
  playground,
  runButton,
  usePlayground,
} from "../lib/playground.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** Runs a skill whose result is this value. @param {Page} page @param {unknown} result */
async function show(page, result) {
  await connectTo(page, emulator.baseUrl);
  await clone(page, "weather-forecast", "run");
  await fillRequired(page, "Oslo");
  await page.route(/\/execute$/, (route) => {
    const headers = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };
    const body = JSON.stringify({ success: true, result });
    return route.fulfill({ body, headers, contentType: "application/json" });
  });
  await runButton(page).click();
  await page.locator("[data-run=done] table").waitFor();
}

/** The texts of a column. @param {Page} page @param {number} column from 1 */
const texts = (page, column) => page.locator(`.data td:nth-child(${column})`).allTextContents();

describe("the table of a result", () => {
  usePlayground();

  test("has 100,000 rows, and renders only those that are visible", async () => {
    const { page, complaints, done } = await playground.visit();
    const rows = Array.from({ length: 100_000 }, (_, index) => ({
      number: index + 1,
      name: `row ${index + 1}`,
    }));
    await show(page, { rows });
    assert.equal(await page.locator(".data table").getAttribute("aria-rowcount"), "100001");
    assert.ok((await page.locator(".data tbody tr").count()) < 60);
    await page.locator(".data").evaluate((frame) => frame.scrollTo(0, frame.scrollHeight));
    await page.getByText("row 100000", { exact: true }).waitFor();
    const last = page.locator("[aria-rowindex='100001']");
    await last.waitFor();
    const heights = await page
      .locator(".data tbody tr[aria-rowindex]")
      .evaluateAll((all) => all.map((row) => row.getBoundingClientRect().height));
    assert.deepEqual([...new Set(heights)], [32]);
    await page.getByRole("button", { name: "number" }).click();
    await page.getByRole("button", { name: "number" }).click();
    await page.locator("[aria-sort=descending]").waitFor();
    await page.locator(".data").evaluate((frame) => frame.scrollTo(0, 0));
    await page.locator("[aria-rowindex='2']").getByText("row 100000").waitFor();
    await page.getByLabel("Search the rows").fill("row 99999");
    await page.getByText("1 row of 100,000").waitFor();
    assert.deepEqual(complaints, []);
    await done();
  });

  test("is sorted by value, with missing values last, and in the original order again", async () => {
    const { page, done } = await playground.visit();
    const values = [10, 9, null, 100];
    await show(page, { rows: values.map((amount) => ({ amount, label: `v${amount}` })) });
    const header = page.getByRole("button", { name: "amount" });
    await header.click();
    await page.locator("[aria-sort=ascending]").waitFor();
    assert.deepEqual(await texts(page, 1), ["9", "10", "100", ""]);
    await header.click();
    await page.locator("[aria-sort=descending]").waitFor();
    assert.deepEqual(await texts(page, 1), ["100", "10", "9", ""]);
    await header.click();
    await page.locator("[aria-sort]").first().waitFor();
    await page.waitForFunction(() => !document.querySelector("[aria-sort$=ending]"));
    assert.deepEqual(await texts(page, 1), ["10", "9", "", "100"]);
    await done();
  });

  test("has numbers on the right, readable dates, and long texts cut off", async () => {
    const { page, done } = await playground.visit("", { timezoneId: "America/New_York" });
    const long = "l".repeat(1000);
    await show(page, [
      { price: 9.5, day: "2026-12-24", at: "2026-12-24T18:30:00Z", note: long, sum: '=1+1, "a"' },
    ]);
    const cell = (/** @type {number} */ column) => page.locator(`.data td:nth-child(${column})`);
    assert.equal(await cell(1).evaluate((shown) => getComputedStyle(shown).textAlign), "end");
    assert.equal(await cell(2).textContent(), "Dec 24, 2026");
    assert.match((await cell(3).textContent()) ?? "", /Dec 24, 2026, 1:30:00/);
    const { width, isCut } = await cell(4).evaluate((shown) => ({
      width: shown.getBoundingClientRect().width,
      isCut: shown.scrollWidth > shown.clientWidth,
    }));
    assert.ok(width < 500 && isCut, `${width} px`);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "CSV file" }).click(),
    ]);
    const [head, row] = (await readFile(await download.path(), "utf8")).split("\r\n");
    assert.equal(head, "price,day,at,note,sum");
    assert.equal(row, `9.5,2026-12-24,2026-12-24T18:30:00Z,${long},"'=1+1, ""a"""`);
    await done();
  });

  test("is copied for a spreadsheet: a cell with a tab or a line is quoted, and no cell is a formula", async () => {
    const { page, done } = await playground.visit("", { permissions: ["clipboard-read", "clipboard-write"] });
    await show(page, [{ plain: "a, b", tab: "a\tb", line: "a\nb", sum: "=1+1", amount: -1 }]);
    await page.getByRole("button", { name: "Copy as TSV" }).click();
    await page.getByText("Copied").waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(
      text.replaceAll("\r\n", "\n"),
      'plain\ttab\tline\tsum\tamount\na, b\t"a\tb"\t"a\nb"\t\'=1+1\t-1',
    );
    await done();
  });
});
