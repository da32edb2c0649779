import { BrowserUse, SkillNotFoundError } from "browser-use-skills/inline";
import { runScenario } from "./scenario.js";

const baseUrl = new URLSearchParams(location.search).get("emulator");
globalThis.result = runScenario({ BrowserUse, SkillNotFoundError }, baseUrl);
