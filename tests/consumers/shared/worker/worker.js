import { BrowserUse, SkillNotFoundError } from "browser-use-skills";
import { runScenario } from "./scenario.js";

export default {
  async fetch(request) {
    const baseUrl = new URL(request.url).searchParams.get("emulator");
    const result = runScenario({ BrowserUse, SkillNotFoundError }, baseUrl);
    return new Response(await result.catch(({ code, message }) => code ?? message));
  },
};
