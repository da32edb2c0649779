const { BrowserUse, SkillNotFoundError } = require("browser-use-skills");
const { createEmulator } = require("browser-use-skills/emulator");
const { runScenario } = require("./scenario.js");

runScenario({ BrowserUse, SkillNotFoundError, createEmulator }, process.argv[2]).then(console.log);
