// @ts-check
/** The playground in a browser: runs that fail, wait, are lost, cancelled or resumed. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  addFault,
  clone,
  connectTo,
  emulator,
  fillRequired,
  go,
  playground,
  runButton,
  screenshot,
  setEmulator,
  setSpeed,
  start,
  usePlayground,
} from "../lib/playground.mjs";

/** Waits until every row of the timeline has ended, and all of its requests. @param {import("playwright-core").Page} page */
async function ended(page) {
  await page.locator(".calls .timeline > li").first().waitFor();
  await page.waitForFunction(
    () => !document.querySelector(".calls [data-state=running], .calls .bars .open"),
  );
}

describe("the playground", () => {
  usePlayground();

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

  test("a result may be nested deeply, too deeply, or contain a long string", async () => {
    const { page, complaints, done } = await playground.visit();
    await connectTo(page, emulator.baseUrl);
    await clone(page, "weather-forecast", "run");
    await fillRequired(page, "Oslo");
    const nested = (/** @type {number} */ depth) => `${'{"inner":'.repeat(depth)}1${"}".repeat(depth)}`;
    let result = "";
    await page.route(/\/execute$/, (route) => {
      const body = `{"success":true,"result":${result}}`;
      const headers = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };
      return route.fulfill({ body, headers, contentType: "application/json" });
    });
    const run = async (/** @type {string} */ json) => {
      result = json;
      await runButton(page).click();
    };
    const cards = page.locator("[data-run=done]");
    await run(nested(300));
    await cards.first().locator(".tree").waitFor();
    assert.ok((await cards.first().locator("details").count()) < 20);
    await run(JSON.stringify({ text: "x".repeat(1_000_000) }));
    await cards.nth(1).waitFor();
    await cards.first().getByText("990002 more characters").waitFor();
    await run(nested(20_000));
    await cards.nth(2).waitFor();
    await cards.first().locator("[data-error=RangeError]").waitFor();
    await cards.nth(1).getByText("990002 more characters").waitFor({ state: "attached" });
    assert.deepEqual(complaints, []);
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
    await page.locator(".call[data-operation='skills.execute']").click();
    await screenshot(page, "requests");
    await page.getByLabel("Problems").check({ force: true });
    assert.equal(await page.locator(".calls > li").count(), 1);
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
    await ended(page);
    await done();
  });

  for (const fault of ["Lose the response", "Stall after the run"]) {
    test(`with a recovered run (${fault}), every row of the timeline ends`, async () => {
      const { page, done } = await playground.visit();
      await page.evaluate(() => {
        const settings = { maxConcurrent: null, maxRetries: 2, timeoutSeconds: 3 };
        localStorage.setItem("playground.client", JSON.stringify(settings));
      });
      await page.reload();
      await connectTo(page, emulator.baseUrl);
      await clone(page, "weather-forecast", "run");
      const kind = fault === "Lose the response" ? "drop" : "stallBody";
      await emulator.ask("POST", "/faults", { operation: "skills.execute", kind, when: "after" });
      await fillRequired(page, "Oslo");
      await runButton(page).click();
      await page.locator("[data-run=done]").getByText("recovered").waitFor();
      await ended(page);
      await done();
    });
  }

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
    await page.getByText("This is not a UUID").waitFor({ state: "detached" });
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
    await ended(page);
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

  test("fills the form with the parameters of an earlier run", async () => {
    const { page, done } = await playground.visit();
    await setSpeed(page, "Instant");
    await clone(page, "weather-forecast", "run");
    for (const [index, place] of ["Oslo", "Rome"].entries()) {
      await page.getByLabel("location").fill(place);
      await page.getByLabel("units").fill(index === 0 ? "imperial" : "");
      await runButton(page).click();
      await page.locator("[data-run=done]").nth(index).waitFor();
    }
    await page.locator("[data-run=done]").last().locator("summary").click();
    await page.getByRole("button", { name: "Use these parameters" }).last().click();
    assert.equal(await page.getByLabel("location").inputValue(), "Oslo");
    assert.equal(await page.getByLabel("units").inputValue(), "imperial");
    assert.ok(await page.getByLabel("location").evaluate((field) => field === document.activeElement));
    await page.locator(".code pre").getByText('"Oslo"').first().waitFor();
    await page
      .locator("[data-run=done]")
      .first()
      .getByRole("button", { name: "Use these parameters" })
      .click();
    assert.equal(await page.getByLabel("location").inputValue(), "Rome");
    assert.equal(await page.getByLabel("units").inputValue(), "");
    await done();
  });
});
