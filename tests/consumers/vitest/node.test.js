import process from "node:process";
import { expect, test } from "vitest";
import { run } from "./run.js";

test("the scenario", async () => {
  expect(await run(process.env.EMULATOR)).toBe("skill_not_found");
});
