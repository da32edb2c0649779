// @ts-check
/** The playground in a browser: its user stories, with the packed package and both emulators. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { capture } from "../../scripts/lib/run.mjs";
import { startEmulator } from "../lib/emulator.mjs";
import { installPackage } from "../lib/package.mjs";
import {
  clone,
  connectTo,
  fillRequired,
  go,
  openPlayground,
  runButton,
  screenshot,
} from "../lib/playground.mjs";

/** @typedef {import("playwright-core").Page} Page */

describe("the playground", () => {
  /** @type {Awaited<ReturnType<typeof openPlayground>>} */
  let playground;
  /** @type {Awaited<ReturnType<typeof startEmulator>>} */
  let emulator;
  before(async () => {
    playground = await openPlayground();
    // Requires preflight requests, and allows only this origin.
    emulator = await start("--generation-ms", "600", "--origin", new URL(playground.url).origin);
  });
  after(async () => {
    await playground?.close();
    for (const { close } of emulators) close();
  });
  /** All emulators, so that none outlives a failed test. @type {Array<Awaited<ReturnType<typeof startEmulator>>>} */
  const emulators = [];
  const start = async (/** @type {string[]} */ ...options) => {
    const started = await startEmulator(...options);
    emulators.push(started);
    return started;
  };

  /** Changes the settings of the emulator in the page. @param {Page} page @param {Record<string, string>} values by label */
  const setEmulator = async (page, values) => {
    await go(page, "#/emulator");
    for (const [label, value] of Object.entries(values)) {
      const field = page.getByLabel(label, { exact: true });
      await field.fill(value);
      await field.blur();
    }
  };
  /** @param {Page} page @param {"Instant" | "Fast" | "As in the cloud"} speed */
  const setSpeed = async (page, speed) => {
    await go(page, "#/emulator");
    await page.getByRole("radio", { name: speed }).click({ force: true });
    const hint = { Instant: "takes 50 ms", Fast: "takes 6000 ms", "As in the cloud": "takes 45000 ms" }[
      speed
    ];
    await page.getByText(hint).waitFor();
  };
  /** Adds a fault to the next requests. @param {Page} page */
  const addFault = async (page, /** @type {string} */ name, { operation = "", count = 1 } = {}) => {
    await go(page, "#/emulator");
    await page.getByLabel("Operation").selectOption(operation);
    await page.getByLabel("Number of requests").fill(String(count));
    await page.getByLabel("Number of requests").blur();
    await page.getByRole("button", { name, exact: true }).click();
    await page.getByText(`will fail: ${name}`).waitFor();
  };

  test("every operation works, with an emulator on another origin", async () => {
    const { page, complaints, done } = await playground.visit();
    await connectTo(page, emulator.baseUrl);

    await page.getByRole("searchbox", { name: "Search" }).fill("stories");
    await page.getByText("1 skill", { exact: true }).waitFor();
    await page.getByRole("link", { name: "Top Stories" }).click();
    await page.getByRole("button", { name: "Clone" }).click();
    await page.getByRole("heading", { name: "Manage" }).waitFor();
    await page.getByRole("link", { name: "Run", exact: true }).click();
    await page.getByLabel("limit").fill("4");
    await runButton(page).click();
    await page.getByText(/^4 rows/).waitFor();

    await page.getByRole("link", { name: "Refine" }).click();
    assert.match(await page.getByLabel("Output of the last run").inputValue(), /"title"/);
    await page.getByLabel("Feedback").fill("Read the dates of the stories too");
    await page.getByRole("button", { name: "Refine" }).click();
    await page.getByText("version 2", { exact: true }).waitFor();

    await page.getByRole("button", { name: "Roll back" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Roll back" }).click();
    await page.getByText("version 1", { exact: true }).waitFor();

    await page.getByRole("link", { name: "History" }).click();
    await page.getByText("1 execution", { exact: true }).waitFor();
    await page.getByRole("button", { name: /^Output/ }).click();
    await page.getByText(/^4 rows/).waitFor();

    await page.getByRole("link", { name: "About" }).click();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.waitForURL(/#\/skills$/);
    // The account has one skill initially.
    await page.getByText("1 skill", { exact: true }).waitFor();

    const { counts } = /** @type {any} */ (await emulator.ask("GET", "/requests"));
    for (const operation of [
      "marketplace.list",
      "marketplace.get",
      "marketplace.clone",
      "skills.execute",
      "skills.refine",
      "skills.rollback",
      "skills.executions",
      "skills.executionOutput",
      "skills.delete",
    ]) {
      assert.ok(counts[operation] > 0, `${operation} was not called`);
    }
    assert.deepEqual(complaints, []);
    await done();
  });

  test("nothing is fetched from other origins, and the policy forbids inline scripts and styles", async () => {
    const { page, complaints, done } = await playground.visit();
    /** @type {Set<string>} */
    const origins = new Set();
    page.on("request", (request) => origins.add(new URL(request.url()).origin));
    await page.reload();
    await clone(page, "weather-forecast", "run?place=Oslo");
    await page.getByText("Parameters", { exact: true }).waitFor();
    assert.deepEqual([...origins], [new URL(playground.url).origin]);
    assert.deepEqual(complaints, []);
    const html = await readFile(new URL("../../dist/site/index.html", import.meta.url), "utf8");
    assert.doesNotMatch(html, /unsafe-inline|'unsafe-eval'|<style|<script(?![^>]* src=)| style=|="\/(?!\/)/);
    await done();
  });

  test("the marketplace can be searched, filtered and paged, and the back button works", async () => {
    const { page, done } = await playground.visit();
    await page.getByText("17 skills").waitFor();
    await screenshot(page, "marketplace");
    await page.getByRole("link", { name: "Next" }).click();
    await page.getByText("Page 2 of 2").waitFor();
    await page.getByLabel("Category").selectOption("news");
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
    assert.equal(await page.getByRole("rowheader").count(), 6);
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
    await page.getByText("Show the code").click();
    await runButton(page).click();
    await page.getByText("3 rows in data.orders").waitFor();
    await screenshot(page, "run-cookie");
    assert.doesNotMatch(page.url(), /canary|stolen/);
    await go(page, "#/requests");
    for (const call of await page.locator(".timeline summary").all()) await call.click();
    const text = (await page.locator("body").textContent()) ?? "";
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
    await go(page, "#/requests");
    for (const call of await page.locator("[data-operation='skills.execute'] summary").all())
      await call.click();
    const text = (await page.locator(".timeline").textContent()) ?? "";
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
    await page.getByLabel("role").fill("baker");
    await runButton(page).click();
    await page.locator("[data-error=skill_not_finished]").waitFor();
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

  test("a failed run shows the skill's log, which a refinement contains", async () => {
    const { page, done } = await playground.visit();
    await clone(page, "weather-forecast", "run");
    await fillRequired(page, "[fail]");
    await runButton(page).click();
    await page
      .locator("[data-run=failed]")
      .getByText("SkillError: The page has an unexpected layout")
      .waitFor();
    await screenshot(page, "run-failed");
    await page.getByRole("link", { name: "Refine" }).click();
    assert.match(await page.getByLabel("Log of the last run").inputValue(), /SkillError/);
    await screenshot(page, "refine");
    await done();
  });

  test("a 429 is retried, and the timeline shows it", async () => {
    const { page, done } = await playground.visit();
    const id = await clone(page, "weather-forecast");
    await addFault(page, "429 throttle", { operation: "skills.execute" });
    await screenshot(page, "emulator");
    await go(page, `#/skill/${id}/run`);
    await fillRequired(page, "Oslo");
    await runButton(page).click();
    await page.locator("[data-run=done]").waitFor();
    const call = page.locator(".runner [data-operation='skills.execute']");
    assert.match((await call.locator(".outcome-word").textContent()) ?? "", /200 ×2/);
    assert.equal(await call.locator(".bars .delay").count(), 1);
    assert.equal(await call.locator(".bars .bad").count(), 1);
    await call.locator("summary").click();
    assert.match((await call.textContent()) ?? "", /Attempt 1: 429.*rate_limit: waited/s);
    await go(page, "#/requests");
    await page.getByRole("heading", { name: "Requests" }).waitFor();
    assert.match((await page.locator(".tiles").textContent()) ?? "", /WebAssembly\d{2,3}\.\d kB/);
    await page.locator("[data-operation='skills.execute'] summary").click();
    await screenshot(page, "requests");
    await page.getByLabel("Problems").check({ force: true });
    assert.equal(await page.locator(".timeline > li").count(), 1);
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByText("No calls yet.").waitFor();
    await done();
  });

  test("a lost response is recovered, and the credits are spent once", async () => {
    const { page, done } = await playground.visit();
    const id = await clone(page, "weather-forecast");
    await addFault(page, "Lose the response", { operation: "skills.execute" });
    await go(page, `#/skill/${id}/run`);
    await fillRequired(page, "Oslo");
    await runButton(page).click();
    await page.locator("[data-run=done]").getByText("recovered").waitFor();
    await page.locator(".badge").getByText("$99.98").waitFor();
    await done();
  });

  test("a run is cancelled if the server does not respond, and an error shows what to do", async () => {
    const { page, done } = await playground.visit();
    const id = await clone(page, "weather-forecast");
    await addFault(page, "Stall", { operation: "skills.execute" });
    await go(page, `#/skill/${id}/run`);
    await fillRequired(page, "Oslo");
    await runButton(page).click();
    await page.locator("[data-run=running]").getByRole("button", { name: "Cancel" }).click();
    await page.locator("[data-run=cancelled]").waitFor();
    await setEmulator(page, { Credits: "0" });
    await go(page, `#/skill/${id}/run`);
    await page.locator("[data-run=cancelled]").getByRole("button", { name: "Run again" }).click();
    await page.locator("[data-error=insufficient_credits]").waitFor();
    await page.getByRole("link", { name: "Open the emulator panel" }).click();
    await page.getByRole("heading", { name: "Account and plan" }).waitFor();
    await done();
  });

  test("runs beyond maxConcurrent wait for a slot, and a session keeps its IP address", async () => {
    const { page, done } = await playground.visit();
    await setEmulator(page, { "The client's maxConcurrent": "1" });
    await go(page, "#/marketplace/weather-forecast/run");
    await fillRequired(page, "Oslo");
    await page.getByText("Options", { exact: true }).click();
    await page.getByLabel("Session id").fill("12");
    await page.getByText("This is not a UUID").waitFor();
    await page.getByRole("button", { name: "New" }).click();
    const session = await page.getByLabel("Session id").inputValue();
    await page.getByLabel("Number of runs").fill("3");
    await page.getByLabel("Number of runs").blur();
    await page.getByRole("button", { name: "Run 3 times" }).click();
    await page.locator("[data-run=done]").nth(2).waitFor();
    await screenshot(page, "run-slots");
    const last = page.locator(".runner [data-operation='marketplace.execute']").last();
    await last.locator("summary").click();
    const text = (await last.textContent()) ?? "";
    assert.match(text, /Queued for \d/);
    assert.match(text, new RegExp(`"sessionId": "${session}"`));
    await setSpeed(page, "As in the cloud");
    await go(page, "#/marketplace/weather-forecast/run");
    await page.locator("[data-run=done]").first().getByRole("button", { name: "Run again" }).click();
    await page.locator("[data-run=done]").first().locator("summary").click();
    await page.locator("[data-run=done]").first().getByRole("button", { name: "Run again" }).click();
    await go(page, "#/requests");
    await page.locator(".tiles").getByText("1 · 1").waitFor();
    await done();
  });

  test("the history has a chart, and a past run can be repeated", async () => {
    const { page, complaints, done } = await playground.visit();
    await setSpeed(page, "Instant");
    const id = await clone(page, "weather-forecast", "run");
    await go(page, `#/skill/${id}/history`);
    await page.getByText("No executions yet.").waitFor();
    await page.getByRole("link", { name: "Run it" }).click();
    await fillRequired(page, "Oslo");
    await runButton(page).click();
    await page.locator("[data-run=done]").waitFor();
    await page.locator("[data-run=done]").getByRole("button", { name: "Run again" }).click();
    await page.locator("[data-run=done]").nth(1).waitFor();
    await go(page, `#/skill/${id}/history`);
    await page.getByRole("img", { name: "Latency of 2 executions" }).locator("canvas").waitFor();
    await page.getByRole("button", { name: "Repeat the last run" }).click();
    await page.getByText("3 executions").waitFor();
    await page.getByRole("img", { name: "Latency of 3 executions" }).locator("canvas").waitFor();
    await screenshot(page, "history");
    assert.deepEqual(complaints, []);
    await done();
  });

  test("an execution that a reload interrupts is resumed", async () => {
    const slow = await start("--execution-ms", "2000");
    const { page, done } = await playground.visit();
    await connectTo(page, slow.baseUrl);
    await clone(page, "weather-forecast", "run");
    await fillRequired(page, "Oslo");
    const [request] = await Promise.all([
      page.waitForRequest((sent) => sent.method() === "POST" && sent.url().endsWith("/execute")),
      runButton(page).click(),
    ]);
    assert.match(request.postData() ?? "", /Oslo/);
    // A request that was sent may not have arrived yet.
    for (;;) {
      const { counts } = /** @type {any} */ (await slow.ask("GET", "/requests"));
      if (counts["skills.execute"] === 1) break;
    }
    await page.reload();
    await page.locator("[data-run=running]").getByText("resumed").waitFor();
    await page.locator("[data-run=done]").getByText("recovered").waitFor();
    await screenshot(page, "run-resumed");
    const { counts } = /** @type {any} */ (await slow.ask("GET", "/requests"));
    assert.equal(counts["skills.execute"], 1);
    await done();
  });

  for (const ends of ["after reconnecting", "while no call waits for it"]) {
    test(`a resumed run that was cancelled has a result if it ends ${ends}`, async () => {
      const slow = await start("--execution-ms", "600000");
      const { page, done } = await playground.visit();
      await connectTo(page, slow.baseUrl);
      const id = await clone(page, "weather-forecast", "run");
      await fillRequired(page, "Oslo");
      await runButton(page).click();
      const executions = async () =>
        /** @type {any} */ (await slow.ask("GET", "/requests")).counts["skills.execute"];
      while ((await executions()) !== 1);
      await page.reload();
      await page.locator("[data-run=running]").getByText("resumed").waitFor();
      await page.locator("[data-run=running]").getByRole("button", { name: "Cancel" }).click();
      await page.locator("[data-run=cancelled]").waitFor();
      if (ends === "while no call waits for it") {
        const output = page.waitForResponse((response) => response.url().endsWith("/output"));
        await slow.ask("POST", "/advance", { ms: 600_000 });
        await output;
      }
      await connectTo(page, slow.baseUrl);
      await slow.ask("POST", "/advance", { ms: 600_000 });
      await go(page, `#/skill/${id}/run`);
      await page.locator("[data-run=done]").getByText("recovered").waitFor();
      assert.equal(await executions(), 1);
      await done();
    });
  }

  test("a key is kept in memory only, and the badge shows the live mode", async () => {
    const key = "bu_canary_0815";
    const guarded = await start("--api-key", key);
    const { page, done } = await playground.visit(
      `#/connect?mode=key&baseUrl=${encodeURIComponent("https://attacker.example")}`,
    );
    assert.match(
      await page.getByLabel("Base URL of the API").inputValue(),
      /^https:\/\/api\.browser-use\.com/,
    );
    await page.getByText("Everyone with access to this page can read the key.").waitFor();
    await screenshot(page, "connect");
    await page.getByLabel("Base URL of the API").fill(guarded.baseUrl);
    await page.getByLabel("API key").fill(key);
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await page.locator(".badge[data-mode=key]").getByText("Live: your key").waitFor();
    await clone(page, "weather-forecast");
    await go(page, "#/requests");
    for (const call of await page.locator(".timeline summary").all()) await call.click();
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    const text = (await page.locator("html").innerHTML()) + kept + page.url();
    assert.doesNotMatch(text, new RegExp(key));
    await page.reload();
    await page.locator(".badge[data-mode=emulator]").waitFor();
    await done();
  });

  test("a proxy is used without a key, and a wrong key shows an error", async () => {
    const { page, done } = await playground.visit("#/connect?mode=proxy");
    await page.getByLabel("Base URL of the API").fill("http://example.com/api");
    await page.getByText("Use https, except for localhost").waitFor();
    await page.getByLabel("Base URL of the API").fill(emulator.baseUrl);
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await page.locator(".badge[data-mode=proxy]").waitFor();
    await page.getByText("17 skills").waitFor();
    await go(page, "#/skills");
    await page.locator("[data-error=authentication]").waitFor();
    await go(page, "#/emulator");
    await page.getByText("You are not connected to an emulator").waitFor();
    await done();
  });

  test("a server that rejects the origin, or is unreachable, shows an error", async () => {
    const strict = await start("--origin", "https://elsewhere.example");
    const { page, done } = await playground.visit();
    await connectTo(page, strict.baseUrl);
    await page.locator("[data-error=network]").getByText("it allows this page (CORS)").waitFor();
    await connectTo(page, "http://127.0.0.1:9/api/v2");
    await page.locator("[data-error=network]").waitFor();
    await page.getByRole("link", { name: "Check the connection" }).click();
    await page.getByLabel("Emulator in this page").check();
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await page.getByText("17 skills").waitFor();
    await done();
  });

  test("the JavaScript that the page shows has the same effect as the page", async () => {
    const installed = await installPackage();
    const { page, done } = await playground.visit();
    await connectTo(page, emulator.baseUrl);
    await go(page, "#/marketplace/flight-finder/run?from=Oslo&destination=Rome&date=2026-12-01&limit=2");
    await page.getByText("Show the code").click();
    const code = (await page.locator(".code pre").textContent()) ?? "";
    await writeFile(join(installed.projectFolder, "snippet.mjs"), code);
    const printed = await capture(process.execPath, ["snippet.mjs"], { cwd: installed.projectFolder });
    assert.match(printed ?? "", /destination: 'Rome'/);
    await page.getByLabel("Rust").check({ force: true });
    assert.match(
      (await page.locator(".code pre").textContent()) ?? "",
      /client\.marketplace\(\)\.execute\(uuid!\(/,
    );
    await done();
    await installed.remove();
  });

  test("the playground can be used with the keyboard alone", async () => {
    const { page, done } = await playground.visit();
    await page.getByText("17 skills").waitFor();
    const press = async (/** @type {string[]} */ ...keys) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
    /** Presses Tab until the element with this text has the focus. */
    const tabTo = async (/** @type {string} */ text) => {
      for (let steps = 0; steps < 80; steps += 1) {
        await press("Tab");
        if ((await focused()) === text) return;
      }
      assert.fail(`"${text}" cannot be reached with Tab`);
    };
    await press("Tab");
    assert.equal(await focused(), "Skip to content");
    await press("Enter", "Tab");
    await page.keyboard.type("weather");
    await page.getByText("1 skill", { exact: true }).waitFor();
    await tabTo("Weather Forecast");
    await press("Enter");
    await page.getByRole("heading", { name: "Weather Forecast" }).waitFor();
    await tabTo("Run");
    await press("Enter");
    const first = page.locator("form [aria-required=true]").first();
    await first.waitFor();
    while (!(await first.evaluate((field) => field === document.activeElement))) await press("Tab");
    await page.keyboard.type("Oslo");
    await press("Enter");
    await page.locator("[data-run=done]").waitFor();
    await tabTo("Copy link");
    await tabTo("Run again");
    await press("Enter");
    await page.locator("[data-run=done]").nth(1).waitFor();
    await done();
  });

  test("the theme follows the system, or the user's choice", async () => {
    const { page, done } = await playground.visit("", { colorScheme: "dark" });
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.getByText("17 skills").waitFor();
    const dark = await background();
    await screenshot(page, "marketplace-dark");
    await page.getByLabel("Light").check({ force: true });
    assert.notEqual(await background(), dark);
    await page.reload();
    await page.getByText("17 skills").waitFor();
    assert.notEqual(await background(), dark);
    await done();
  });
});
