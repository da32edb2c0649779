import { BrowserUse, SkillNotFoundError } from "browser-use-skills";
import { story } from "../story.js";

story({ BrowserUse, SkillNotFoundError }, { baseUrl: process.argv[2] }).then(console.log);
