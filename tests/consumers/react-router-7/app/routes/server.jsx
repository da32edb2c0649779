import { run } from "../../run.js";

export function loader({ request }) {
  return run(new URL(request.url).searchParams.get("emulator"));
}

export default function Page({ loaderData }) {
  return <output>{loaderData}</output>;
}
