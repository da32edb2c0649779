import { BrowserUse, SkillNotFoundError } from "browser-use-skills";
import { createEmulator } from "browser-use-skills/emulator";
import { runScenario } from "./scenario.js";

export const run = (baseUrl) => runScenario({ BrowserUse, SkillNotFoundError, createEmulator }, baseUrl);

/** In a page, which is given the URL of the emulator in its query. The tests wait for `globalThis.result`. */
export const runInPage = () => {
  globalThis.result ??= run(new URLSearchParams(location.search).get("emulator"));
};
