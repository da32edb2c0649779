import { BrowserUse, SkillNotFoundError } from "browser-use-skills/inline";
import { story } from "../story.js";

const baseUrl = new URLSearchParams(location.search).get("emulator");
globalThis.told = story({ BrowserUse, SkillNotFoundError }, { baseUrl });
