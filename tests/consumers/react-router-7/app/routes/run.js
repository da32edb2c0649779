import { run } from "../../run.js";

export async function loader({ request }) {
  return new Response(await run(new URL(request.url).searchParams.get("emulator")));
}
