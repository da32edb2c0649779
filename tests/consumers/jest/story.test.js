const { BrowserUse, SkillNotFoundError } = require("browser-use-skills/inline");
const { story } = require("../story.js");

test("the story", async () => {
  const told = await story({ BrowserUse, SkillNotFoundError }, { baseUrl: globalThis.baseUrl });
  expect(told).toBe("skill_not_found");
});
