// @ts-check
/** The vendor's own SDK against the emulator over HTTP: our client and our emulator could be wrong together. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { BrowserUse } from "browser-use-sdk";
import { startEmulator } from "./lib/emulator.mjs";
import { story } from "./site/story.js";

test("the official SDK runs the whole story against the emulator", async () => {
  const emulator = await startEmulator("--api-key", "bu_official");
  try {
    const client = new BrowserUse({ apiKey: "bu_official", baseUrl: emulator.baseUrl });
    const advance = (/** @type {number} */ ms) => emulator.ask("POST", "/advance", { ms });
    const done = await story(/** @type {any} */ (client), advance);
    assert.equal(done.length, 15);
    const { counts } = await emulator.ask("GET", "/requests");
    assert.equal(Object.keys(counts).length, 15);
  } finally {
    emulator.close();
  }
});
