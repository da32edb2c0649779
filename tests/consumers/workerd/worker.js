import { BrowserUse, SkillNotFoundError } from "browser-use-skills";
import { story } from "../story.js";

export default {
  async fetch(request) {
    const baseUrl = new URL(request.url).searchParams.get("emulator");
    return new Response(
      await story({ BrowserUse, SkillNotFoundError }, { baseUrl }).catch(({ code }) => code),
    );
  },
};
