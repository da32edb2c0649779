import { run } from "../../run.js";

export default async function Page({ searchParams }) {
  return <output>{await run((await searchParams).emulator)}</output>;
}
