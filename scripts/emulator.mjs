// @ts-check
/** Builds the package and runs its emulator over HTTP: `npm run emulator -- --port 8787`. `--help` lists the options. */
import { buildPackage } from "./build.mjs";
import { isMain, run } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

if (isMain(import.meta.url)) {
  await setup(["build"])
    .then(() => buildPackage())
    .then(() => run(process.execPath, ["pkg/cli/main.js", "emulator", ...process.argv.slice(2)]))
    .catch((error) => {
      console.error(error.message);
      process.exitCode = 1;
    });
}
