// @ts-check
/** Every test file is in a folder that a step of `npm test` runs. */
import assert from "node:assert/strict";
import { dirname } from "node:path";
import { test } from "node:test";
import { capture, root } from "../../scripts/lib/run.mjs";
import { steps } from "../../scripts/test.mjs";

test("every test file is in a folder that a step runs", async () => {
  const listed = await capture("git", ["ls-files", "--cached", "--others", "--exclude-standard", "tests"], {
    cwd: root,
  });
  const files = (listed ?? "").split("\n").filter((file) => file.endsWith(".test.mjs"));
  assert.ok(files.length > 30);
  const lost = files.filter((file) => !(dirname(file).replace(/^tests\//, "") in steps));
  assert.deepEqual(lost, [], "move them to the folder of a step of scripts/test.mjs");
});
