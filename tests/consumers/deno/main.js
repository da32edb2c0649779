import { BrowserUse, SkillNotFoundError } from "browser-use-skills";
import { story } from "../story.js";

console.log(await story({ BrowserUse, SkillNotFoundError }, { baseUrl: Deno.args[0] }));
