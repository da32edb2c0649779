const { BrowserUse, SkillNotFoundError } = require("browser-use-skills");
const { createEmulator } = require("browser-use-skills/emulator");
const { runScenario } = require("./scenario.js");

test("the scenario", async () => {
  const result = await runScenario({ BrowserUse, SkillNotFoundError, createEmulator }, process.env.EMULATOR);
  expect(result).toBe("skill_not_found");
});
