// @ts-check
/** The playground in a browser: the marketplace, forms, results, and the skills of the user. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import {
  addFault,
  clone,
  fillRequired,
  go,
  playground,
  readCalls,
  runButton,
  screenshot,
  setEmulator,
  setSpeed,
  usePlayground,
} from "../lib/playground.mjs";

describe("the playground", () => {
  usePlayground();

  test("the marketplace can be searched, filtered and paged, and the back button works", async () => {
    const { page, done } = await playground.visit();
    await page.getByText("17 skills").waitFor();
    await screenshot(page, "marketplace");
    await page.getByRole("link", { name: "Next" }).click();
    await page.getByText("Page 2 of 2").waitFor();
    await page.getByRole("link", { name: "News 1" }).click();
    await page.getByText("1 skill", { exact: true }).waitFor();
    assert.match(page.url(), /category=news/);
    assert.equal(await page.locator(".official").count(), 1);
    await page.getByRole("searchbox", { name: "Search" }).fill("no such thing");
    await page.getByText("No skills match.").waitFor();
    await screenshot(page, "marketplace-empty");
    await page.goBack();
    await page.getByText("Page 2 of 2").waitFor();
    await page.getByLabel("Published").selectOption("30");
    await page
      .getByRole("status")
      .getByText(/^[0-9] skills?$/)
      .waitFor();
    await done();
  });

  test("a public skill shows its parameters and output, and runs without being cloned", async () => {
    const { page, done } = await playground.visit("#/marketplace/flight-finder");
    await page.getByRole("heading", { name: "Flight Finder" }).waitFor();
    assert.match((await page.locator(".head").textContent()) ?? "", /388 clones/);
    const parameters = page.getByRole("group", { name: "Parameters" });
    assert.equal(await parameters.getByRole("rowheader").count(), 6);
    await screenshot(page, "public-skill");
    await page.getByRole("link", { name: "Run", exact: true }).click();
    await runButton(page).click();
    assert.equal(await page.getByText("This parameter is required").count(), 3);
    assert.equal(await page.locator("[data-run]").count(), 0);
    await page.getByLabel("from").fill("Oslo");
    await page.getByLabel("destination").fill("Rome");
    await page.getByLabel("date").fill("2026-12-01");
    await page.getByLabel("directOnly").selectOption("true");
    await runButton(page).click();
    await page.getByText("10 rows in flights").waitFor();
    assert.match(page.url(), /run\?from=Oslo&destination=Rome&date=2026-12-01&directOnly=true$/);
    await screenshot(page, "run");
    await done();
  });

  test("the output of a skill is a table of its fields, and the schema is folded", async () => {
    const { page, done } = await playground.visit("#/marketplace/weather-forecast");
    const row = (/** @type {string} */ path) =>
      page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: path, exact: true }) });
    const cells = async (/** @type {string} */ path) =>
      (await row(path).getByRole("cell").allTextContents()).map((text) => text.trim());
    await row("days[].sky").waitFor();
    assert.deepEqual(await cells("days"), ["array of object", "at most 14 items", "–", "–"]);
    assert.deepEqual(await cells("days[].rainPercent"), ["integer", "0 to 100", "–", "0"]);
    assert.deepEqual(await cells("days[].day"), ["string (date)", "–", "–", '"2026-01-31"']);
    assert.deepEqual((await cells("days[].sky"))[0], "enum");
    assert.equal(await page.locator(".tree").isVisible(), false);
    await page.getByText("JSON Schema").click();
    await page.locator(".tree").waitFor();
    await done();
  });

  test("a link fills in the form, and cookies are in no URL and on no view", async () => {
    const { page, done } = await playground.visit();
    const id = await clone(page, "order-history");
    await go(page, `#/skill/${id}/run?limit=3&sessionCookie=stolen`);
    const cookie = page.getByLabel("sessionCookie");
    await cookie.waitFor();
    assert.equal(await page.getByLabel("limit").inputValue(), "3");
    assert.equal(await cookie.inputValue(), "");
    assert.equal(await cookie.getAttribute("type"), "password");
    await cookie.fill("canary-0815");
    await runButton(page).click();
    await page.getByText("3 rows in data.orders").waitFor();
    await screenshot(page, "run-cookie");
    assert.doesNotMatch(page.url(), /canary|stolen/);
    const text = (await readCalls(page)) + (await page.locator("body").textContent());
    assert.match(text, /"sessionCookie": "•••"/);
    assert.match(text, /x-browser-use-api-key: •••/i);
    assert.doesNotMatch(text, /canary|bu_emulator/);
    await done();
  });

  test("objects, arrays and booleans have editors that validate the input", async () => {
    const { page, done } = await playground.visit();
    await clone(page, "sheet-append", "run");
    await page.getByLabel("sheetUrl").fill("https://sheets.example.com/1");
    const row = page.getByLabel("row", { exact: false }).first();
    await row.fill("[1]");
    await page.getByText("This is not a JSON object").waitFor();
    await row.fill('{"a": ');
    await page.getByText("This is not JSON: ").waitFor();
    await row.fill('{"a":1}');
    await row.blur();
    assert.equal(await row.inputValue(), '{\n  "a": 1\n}');
    await page.getByLabel("dryRun").selectOption("true");
    await runButton(page).click();
    await page.locator("[data-run=done]").waitFor();
    await clone(page, "company-contacts", "run");
    await page.getByLabel("company").fill("Acme");
    await page.getByLabel("roles").fill('["support", "sales"]');
    await runButton(page).click();
    await page.getByText("2 rows in contacts").waitFor();
    const text = await readCalls(page, "skills.execute");
    assert.match(text, /"row": \{\s+"a": 1\s+\},\s+"dryRun": true/);
    assert.match(text, /"roles": \[\s+"support",\s+"sales"\s+\]/);
    await done();
  });

  test("a result is shown as a table, a tree and text, and can be saved", async () => {
    const { page, done } = await playground.visit("", { permissions: ["clipboard-read", "clipboard-write"] });
    await clone(page, "film-showtimes", "run");
    await fillRequired(page, "Oslo");
    await runButton(page).click();
    await page.locator("[data-run=done]").waitFor();
    const header = await page.locator(".result thead th").allTextContents();
    assert.ok(header.length > 1);
    const saved = async (/** @type {string} */ name) => {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name }).click(),
      ]);
      return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
    };
    const sheet = await saved("CSV file");
    assert.equal(sheet.name, "film-showtimes.csv");
    assert.equal(sheet.text.split("\r\n")[0], header.join(","));
    const file = await saved("JSON file");
    assert.equal(file.name, "film-showtimes.json");
    await page.getByRole("button", { name: "Copy JSON" }).click();
    await page.getByText("Copied").waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), file.text);
    await page.getByLabel("Tree").check({ force: true });
    await page.locator(".result .tree details").first().waitFor();
    await screenshot(page, "run-tree");
    await page.getByLabel("Raw").check({ force: true });
    assert.equal(await page.locator(".result pre").textContent(), file.text);
    await done();
  });

  test("a skill is created with character counters, and watched until it is finished", async () => {
    const { page, done } = await playground.visit("#/skills/new");
    await page.getByRole("button", { name: "Create" }).waitFor();
    assert.ok(await page.getByRole("button", { name: "Create" }).isDisabled());
    await page.getByLabel("Title").fill("x".repeat(101));
    await page.getByText("101 of 100").waitFor();
    await page.getByLabel("Agent prompt").fill("Go");
    await page.getByText("Too short").waitFor();
    await screenshot(page, "create");
    await page.getByRole("button", { name: "Fill in an example" }).click();
    await page.getByRole("button", { name: "Create" }).click();
    await page.locator(".status[data-status=recording] .elapsed").waitFor();
    await screenshot(page, "own-skill-generating");
    await page.locator(".status[data-status=generating]").waitFor();
    await page.locator(".status[data-status=finished]").waitFor();
    await page.getByRole("rowheader").first().waitFor();
    await screenshot(page, "own-skill");
    await go(page, "#/skills");
    await page.getByRole("link", { name: "Stories on a topic" }).waitFor();
    await screenshot(page, "skills");
    await done();
  });

  test("a creation whose response was lost is not sent again before the user has checked the skills", async () => {
    const { page, done } = await playground.visit();
    await setSpeed(page, "Instant");
    await addFault(page, "Lose the response", { operation: "skills.create" });
    await go(page, "#/skills/new");
    await page.getByRole("button", { name: "Fill in an example" }).click();
    const create = page.getByRole("button", { name: "Create" });
    await create.click();
    await page.locator("[data-error=network]").waitFor();
    assert.ok(await create.isDisabled());
    await page.getByRole("link", { name: "Check My skills" }).click();
    await page.getByRole("link", { name: "Stories on a topic" }).waitFor();
    await go(page, "#/skills/new");
    assert.match(await page.getByLabel("Goal").inputValue(), /Hacker News/);
    assert.ok(await create.isDisabled());
    await page.getByRole("button", { name: "It is not there" }).click();
    assert.ok(await create.isEnabled());

    // A user who leaves the view before the response, and returns.
    await addFault(page, "Stall", { operation: "skills.create" });
    await go(page, "#/skills/new");
    await create.click();
    await go(page, "#/skills");
    await page.getByRole("heading", { name: "My skills" }).waitFor();
    await go(page, "#/skills/new");
    await page.getByRole("link", { name: "Check My skills" }).waitFor();
    assert.ok(await create.isDisabled());
    await done();
  });

  test("a generation is cancelled, another fails, and a concurrent one shows the error message", async () => {
    const { page, done } = await playground.visit();
    await setSpeed(page, "As in the cloud");
    const create = async (/** @type {string} */ prompt) => {
      await go(page, "#/skills/new");
      await page.getByLabel("Goal").fill("Stories");
      await page.getByLabel("Agent prompt").fill(prompt);
      await page.getByRole("button", { name: "Create" }).click();
    };
    await create("Open the page and read it");
    await page.getByRole("button", { name: "Cancel the generation" }).waitFor();
    await create("Open the page and read it");
    await page.locator("[data-error=concurrent_skill_creations]").waitFor();
    await screenshot(page, "error");
    await page.getByRole("link", { name: "My skills" }).first().click();
    await page.locator(".row:has([data-status=recording]) a").click();
    await page.getByRole("button", { name: "Cancel the generation" }).click();
    await page.locator(".status[data-status=cancelled]").waitFor();
    await setSpeed(page, "Instant");
    await create("Open the page and [fail] at it");
    await page.locator(".status[data-status=failed]").waitFor();
    await done();
  });

  test("a skill is renamed, disabled and enabled within the plan's limit, and deleted after confirmation", async () => {
    const { page, done } = await playground.visit();
    const id = await clone(page, "job-openings");
    await page.getByRole("button", { name: "Rename" }).click();
    await page.getByRole("dialog").getByLabel("Title").fill("My jobs");
    await screenshot(page, "dialog");
    await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
    await page.getByRole("heading", { name: "My jobs" }).waitFor();
    await page.getByRole("button", { name: "Disable" }).click();
    await page.locator(".head").getByText("disabled").waitFor();
    await setEmulator(page, { "Enabled skills": "1" });
    await go(page, `#/skill/${id}`);
    await page.getByRole("button", { name: "Enable", exact: true }).click();
    await page.locator("[data-error=enabled_skills_limit_exceeded]").waitFor();
    await go(page, `#/skill/${id}/run`);
    await page.locator(".run-bar").getByText("The skill is disabled").waitFor();
    await go(page, `#/skill/${id}`);
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.waitForURL(/#\/skills$/);
    await page.getByText("1 skill", { exact: true }).waitFor();
    await done();
  });
});
