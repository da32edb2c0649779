const { BrowserUse, SkillNotFoundError } = require("browser-use-skills");
const { story } = require("../story.js");

story({ BrowserUse, SkillNotFoundError }, { baseUrl: process.argv[2] }).then(console.log);
