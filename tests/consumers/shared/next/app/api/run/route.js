import { run } from "../../../run.js";

export async function GET(request) {
  return new Response(await run(new URL(request.url).searchParams.get("emulator")));
}
