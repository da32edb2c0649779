import { BrowserUse, SkillNotFoundError } from "browser-use-skills";
import wasm from "browser-use-skills/wasm?url";
import { story } from "../story.js";

const baseUrl = new URLSearchParams(location.search).get("emulator");
globalThis.told = BrowserUse.load(wasm).then(() => story({ BrowserUse, SkillNotFoundError }, { baseUrl }));
