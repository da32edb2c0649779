// @ts-check
/** The playground in a browser: connections, its policy, the keyboard and themes. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { capture } from "../../scripts/lib/run.mjs";
import { installPackage } from "../lib/package.mjs";
import {
  clone,
  connectTo,
  emulator,
  fillRequired,
  go,
  playground,
  readCalls,
  runButton,
  screenshot,
  setEmulator,
  start,
  usePlayground,
} from "../lib/playground.mjs";

describe("the playground", () => {
  usePlayground();

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

  test("nothing is fetched from other origins, and the policy allows only the inline script and styles of the build", async () => {
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
    assert.doesNotMatch(html, /unsafe-inline|'unsafe-eval'|unsafe-hashes| style=|="\/(?!\/)/);
    assert.equal(html.match(/<style|<script(?![^>]* src=)/g)?.length, 2);
    assert.equal(html.match(/'sha256-/g)?.length, 2);
    const { ran, colour } = await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "globalThis.injected = true";
      const style = document.createElement("style");
      style.textContent = "body { color: rgb(1, 2, 3) !important }";
      document.head.append(script, style);
      return { ran: "injected" in globalThis, colour: getComputedStyle(document.body).color };
    });
    assert.equal(ran, false);
    assert.notEqual(colour, "rgb(1, 2, 3)");
    await done();
  });

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
    const wire = await readCalls(page);
    assert.match(wire, /x-browser-use-api-key: •••/i);
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    const text = (await page.locator("html").innerHTML()) + wire + kept + page.url();
    assert.doesNotMatch(text, new RegExp(key));
    await page.reload();
    await page.getByRole("heading", { name: "The key has been forgotten" }).waitFor();
    await done();
  });

  test("a proxy is used without a key, and a wrong key shows an error", async () => {
    const { page, done } = await playground.visit("#/connect?mode=proxy");
    await page.getByLabel("Base URL of the API").fill("http://example.com/api");
    await page.getByText("Use https, except for localhost").waitFor();
    await page.getByLabel("Base URL of the API").fill(emulator.baseUrl);
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await page.getByRole("button", { name: "Connect anyway" }).click();
    await page.locator(".badge[data-mode=proxy]").waitFor();
    await page.getByText("17 skills").waitFor();
    await go(page, "#/skills");
    await page.locator("[data-error=authentication]").waitFor();
    await go(page, "#/emulator");
    await page.getByText("You are not connected to an emulator").waitFor();
    await done();
  });

  test("the JavaScript that the page shows has the same effect as the page", async () => {
    const installed = await installPackage();
    const { page, done } = await playground.visit();
    await connectTo(page, emulator.baseUrl);
    await go(page, "#/marketplace/flight-finder/run?from=Oslo&destination=Rome&date=2026-12-01&limit=2");
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

  test("the code of a cloned and of a created skill runs as it is copied, with the emulator in the page", async () => {
    const installed = await installPackage();
    const { page, done } = await playground.visit("", { permissions: ["clipboard-read", "clipboard-write"] });
    const copyAndRun = async () => {
      const folded = page.getByText("Show the code");
      if (await folded.isVisible()) await folded.click();
      await page.locator(".code").getByRole("button", { name: "Copy" }).click();
      await page.locator(".code").getByText("Copied").waitFor();
      const code = await page.evaluate(() => navigator.clipboard.readText());
      await writeFile(join(installed.projectFolder, "copied.mjs"), code);
      return capture(process.execPath, ["copied.mjs"], { cwd: installed.projectFolder });
    };
    await clone(page, "weather-forecast", "run");
    await fillRequired(page, "Oslo");
    assert.match((await copyAndRun()) ?? "", /Oslo/);

    // The code of an empty form is complete, too.
    await go(page, "#/skills/new");
    await page.getByRole("heading", { name: "Create a skill" }).waitFor();
    assert.match((await copyAndRun()) ?? "", /finished/);
    await page.getByRole("button", { name: "Fill in an example" }).click();
    await page.getByRole("button", { name: "Create" }).click();
    await page.locator(".status[data-status=finished]").waitFor();
    await go(page, `${new URL(page.url()).hash}/run`);
    await fillRequired(page, "tea");
    assert.match((await copyAndRun()) ?? "", /tea/i);
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
    await press("Enter");
    const search = page.getByRole("searchbox", { name: "Search" });
    while (!(await search.evaluate((field) => field === document.activeElement))) await press("Tab");
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

  test("an invalid setting of the emulator is marked, and not applied", async () => {
    const { page, done } = await playground.visit();
    const invalid = page.locator("input:invalid");
    for (const [label, value] of [
      ["Credits", "-5"],
      ["Concurrent sessions", "2.5"],
      ["Enabled skills", ""],
    ]) {
      await go(page, "#/emulator");
      const field = page.getByLabel(label, { exact: true });
      const before = await field.inputValue();
      await setEmulator(page, { [label]: value });
      assert.equal(await invalid.count(), 1, label);
      await go(page, "#/skills");
      await page.getByRole("heading", { name: "My skills" }).waitFor();
      await go(page, "#/emulator");
      assert.equal(await field.inputValue(), before);
    }
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
