import { BrowserUse, SkillNotFoundError } from "browser-use-skills";
import { story } from "../../../story.js";

export async function GET(request) {
  const baseUrl = new URL(request.url).searchParams.get("emulator");
  return new Response(await story({ BrowserUse, SkillNotFoundError }, { baseUrl }));
}
