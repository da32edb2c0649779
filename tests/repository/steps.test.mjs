// @ts-check
/** The runner of the test steps. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { root } from "../../scripts/lib/run.mjs";

const module = pathToFileURL(join(root, "scripts", "lib", "steps.mjs")).href;

test("the last lines of a failed step are at the end, and the steps that need it are skipped", async () => {
  // A process of its own: a loop that never ends would let this one exit early.
  const program = `
    import { runSteps } from ${JSON.stringify(module)};
    const steps = { first: {}, second: {}, third: { needs: ["first"] } };
    const scripts = { first: "console.log('the cause'); process.exit(3)", second: "" };
    console.log("passed:", await runSteps(steps, (name) => [process.execPath, "-e", scripts[name]]));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program]);
  const end = stdout.slice(stdout.lastIndexOf("== first failed:"));
  assert.match(end, /the cause.*first +failed.*second +passed.*third +skipped.*passed: false/s);
});
