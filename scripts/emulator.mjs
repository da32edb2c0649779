// @ts-check
/** Builds the emulator and runs it over HTTP: `npm run emulator -- --port 8787`. `--help` lists its options. */
import { isMain, run } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

if (isMain(import.meta.url)) {
  const options = process.argv.slice(2);
  const cargo = ["run", "--quiet", "--release", "-p", "browser-use-skills-emulator", "--", ...options];
  await setup(["rust"])
    .then(() => run("cargo", cargo))
    .catch((error) => {
      console.error(error.message);
      process.exitCode = 1;
    });
}
