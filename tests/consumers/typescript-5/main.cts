import { BrowserUse, type BrowserUseOptions, SkillNotFoundError } from "browser-use-skills";
import { createEmulator } from "browser-use-skills/emulator";

const options: BrowserUseOptions = { fetch: createEmulator().fetch };
// @ts-expect-error the types are there: no key is a number
new BrowserUse({ ...options, apiKey: 1 });

async function run() {
  const { runScenario } = await import("./scenario.js");
  // `never`, because scenario.js is an ES module: its types of the package are not those of CommonJS.
  const library = { BrowserUse, SkillNotFoundError, createEmulator } as never;
  console.log(await runScenario(library, process.argv[2]));
}

run();
