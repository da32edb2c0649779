// @ts-check
/** Specific to workerd, whose `fetch` has no `redirect: "error"`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { startConsumer } from "../lib/consumers/start.mjs";
import { consumers } from "../lib/consumers/table.mjs";
import { installPackage } from "../lib/package.mjs";
import { listen } from "../lib/runtimes.mjs";

test("workerd does not follow a redirect, which would send the key to another host", async (context) => {
  const workerd =
    consumers.find(({ name }) => name === "workerd") ?? assert.fail("workerd is not in the table");
  const installed = await installPackage();
  context.after(() => installed.remove());
  let followed = 0;
  const target = await listen((_, response) => {
    followed += 1;
    response.end("{}");
  });
  context.after(() => target.close());
  const { running, emulator, close } = await startConsumer(workerd, "production", installed.packageFolder);
  context.after(close);
  await emulator.ask("POST", "/faults", { kind: "redirect", location: `http://127.0.0.1:${target.port}/` });
  const response = await fetch(`${running.url}?emulator=${emulator.baseUrl}`);
  assert.deepEqual([await response.text(), followed], ["unexpected_status", 0]);
});
