import { BrowserUse, SkillNotFoundError } from "browser-use-skills";
import { runScenario } from "../../../scenario.js";

export const runtime = "edge";

export async function GET(request) {
  const baseUrl = new URL(request.url).searchParams.get("emulator");
  return new Response(await runScenario({ BrowserUse, SkillNotFoundError }, baseUrl));
}
