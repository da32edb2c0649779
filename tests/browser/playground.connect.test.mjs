// @ts-check
/** The playground in a browser: connections are tested before they are used, and the badge shows their state. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { startEmulator } from "../lib/emulator.mjs";
import {
  clone,
  connectTo,
  emulator,
  go,
  playground,
  screenshot,
  start,
  usePlayground,
} from "../lib/playground.mjs";

const UNREACHABLE = "http://127.0.0.1:9/api/v2";
const KEY = "bu_canary_0815";

/** @typedef {import("playwright-core").Page} Page */

/** @param {Page} page @param {string} baseUrl @param {string} key */
async function connectWithKey(page, baseUrl, key) {
  await go(page, "#/connect?mode=key");
  await page.getByLabel("Base URL of the API").fill(baseUrl);
  await page.getByLabel("API key").fill(key);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
}

/** @param {Page} page @param {string} health */
const badge = (page, health) => page.locator(`.badge[data-health=${health}]`);

describe("the playground", () => {
  usePlayground();

  test("an unreachable server is reported before the page connects to it", async () => {
    const { page, done } = await playground.visit();
    await page.getByText("17 skills").waitFor();
    await go(page, `#/connect?mode=server&baseUrl=${encodeURIComponent(UNREACHABLE)}`);
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await page.getByText("The server is unreachable.").waitFor();
    await page.locator(".badge[data-mode=emulator]").waitFor();
    await screenshot(page, "connect-unreachable");
    await page.getByRole("button", { name: "Connect anyway" }).click();
    await badge(page, "unreachable").getByText("unreachable").waitFor();
    await page.locator("[data-error=network]").waitFor();
    assert.doesNotMatch((await page.locator(".badge").textContent()) ?? "", /\$/);
    await page.getByRole("link", { name: "Check the connection" }).click();
    await page.getByLabel("Emulator in this page").check();
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await page.getByText("17 skills").waitFor();
    await page.locator(".badge[data-mode=emulator]").getByText("$100.00").waitFor();
    await done();
  });

  test("a server that does not allow the page, and one that is not the API, are reported", async () => {
    const strict = await start("--origin", "https://elsewhere.example");
    const { page, done } = await playground.visit();
    await go(page, `#/connect?mode=server&baseUrl=${encodeURIComponent(strict.baseUrl)}`);
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await page.locator("[data-error=network]").getByText("it allows this page (CORS)").waitFor();
    await page.getByText("The server is unreachable.").waitFor();
    await page.route("**/other/**", (route) =>
      route.fulfill({
        body: "<p>Hello",
        headers: { "access-control-allow-origin": "*", "access-control-allow-headers": "*" },
      }),
    );
    await page.getByLabel("Base URL of the API").fill("http://127.0.0.1:9/other");
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await page.getByText("The server does not respond as the API does.").waitFor();
    await page.locator(".badge[data-mode=emulator]").waitFor();
    await done();
  });

  test("a test that takes long shows its progress, and can be cancelled", async () => {
    const { page, done } = await playground.visit(
      `#/connect?mode=server&baseUrl=${encodeURIComponent(UNREACHABLE)}`,
    );
    // Never responds.
    await page.route(`${UNREACHABLE}/**`, () => {});
    const connect = page.getByRole("button", { name: "Connect", exact: true });
    await connect.click();
    await page.getByText("Testing the connection").waitFor();
    assert.ok(await connect.isDisabled());
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("Testing the connection").waitFor({ state: "detached" });
    assert.ok(await connect.isEnabled());
    assert.equal(await page.locator("[data-error]").count(), 0);
    await page.locator(".badge[data-mode=emulator]").waitFor();
    await done();
  });

  test("a rejected key is reported, and the test costs nothing", async () => {
    const guarded = await start("--api-key", KEY);
    const { page, done } = await playground.visit();
    await connectWithKey(page, guarded.baseUrl, "bu_wrong");
    await page.getByText("The server rejected the key.").waitFor();
    await page.locator(".badge[data-mode=emulator]").waitFor();
    await page.getByLabel("API key").fill(KEY);
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await badge(page, "online").getByText("Live: your key · online").waitFor();
    const { counts } = /** @type {any} */ (await guarded.ask("GET", "/requests"));
    assert.equal(counts["skills.list"], 2);
    const { credits } = /** @type {any} */ (await guarded.ask("GET", "/settings"));
    assert.equal(credits, 100);
    await done();
  });

  test("the badge follows the outcome of every request", async (context) => {
    const server = await startEmulator("--generation-ms", "50");
    context.after(server.close);
    const { page, done } = await playground.visit();
    await connectTo(page, server.baseUrl);
    await badge(page, "online").getByText("$100.00").waitFor();
    const list = async () => {
      await go(page, "#/requests");
      await page.getByRole("heading", { name: "Requests" }).waitFor();
      await go(page, "#/skills");
      await page.getByRole("heading", { name: "My skills" }).waitFor();
    };
    await server.ask("PATCH", "/settings", { apiKey: KEY });
    await list();
    await badge(page, "rejected").getByText("key rejected").waitFor();
    // Needs no key, and proves nothing about it.
    await go(page, "#/");
    await page.getByText("17 skills").waitFor();
    await badge(page, "rejected").waitFor();
    await server.ask("PATCH", "/settings", { apiKey: null });
    await list();
    await badge(page, "online").waitFor();
    server.close();
    await list();
    await badge(page, "unreachable").waitFor();
    assert.doesNotMatch((await page.locator(".badge").textContent()) ?? "", /\$/);
    await done();
  });

  test("after a reload that deletes the key, the page says so instead of using the emulator", async () => {
    const guarded = await start("--api-key", KEY);
    const { page, done } = await playground.visit();
    await connectWithKey(page, guarded.baseUrl, KEY);
    await badge(page, "online").waitFor();
    const id = await clone(page, "weather-forecast");
    for (let reloads = 0; reloads < 2; reloads += 1) {
      await page.reload();
      await page.getByRole("heading", { name: "The key has been forgotten" }).waitFor();
      await page.locator(".badge").getByText("Not connected").waitFor();
    }
    await screenshot(page, "forgotten");
    const connect = page.getByRole("main").getByRole("link", { name: "Connect" });
    await connect.click();
    assert.ok(await page.getByLabel("Your own key").isChecked());
    assert.equal(await page.getByText("connected", { exact: true }).count(), 0);
    assert.equal(await page.getByLabel("Base URL of the API").inputValue(), guarded.baseUrl);
    await page.getByLabel("API key").fill(KEY);
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await badge(page, "online").waitFor();
    await go(page, `#/skill/${id}`);
    await page.getByRole("heading", { name: "Weather Forecast" }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Use the emulator" }).click();
    await page.locator(".badge[data-mode=emulator]").waitFor();
    await page.locator("[data-error=skill_not_found]").waitFor();
    await page.reload();
    await page.locator(".badge[data-mode=emulator]").waitFor();
    await done();
  });

  test("a proxy that rejects the test can be used for what it allows", async () => {
    const { page, done } = await playground.visit("#/connect?mode=proxy");
    await page.getByLabel("Base URL of the API").fill(emulator.baseUrl);
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await page.getByText("The proxy rejected the request.").waitFor();
    await page.getByRole("button", { name: "Connect anyway" }).click();
    await page.locator(".badge[data-mode=proxy][data-health=rejected]").waitFor();
    await page.getByText("17 skills").waitFor();
    await done();
  });
});
