import { BrowserUse, SkillNotFoundError } from "browser-use-skills";
import { story } from "../../../../story.js";

export async function GET({ url }) {
  const baseUrl = url.searchParams.get("emulator");
  return new Response(await story({ BrowserUse, SkillNotFoundError }, { baseUrl }));
}
