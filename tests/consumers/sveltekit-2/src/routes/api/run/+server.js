import { run } from "../../../../run.js";

export async function GET({ url }) {
  return new Response(await run(url.searchParams.get("emulator")));
}
