import { BrowserUse, type BrowserUseOptions, SkillNotFoundError } from "browser-use-skills";
import { createEmulator } from "browser-use-skills/emulator";
import { BrowserUse as Inline } from "browser-use-skills/inline";
import { type Journal, storageJournal } from "browser-use-skills/journal";
import { runScenario } from "./scenario.js";

const { baseUrl }: BrowserUseOptions = { baseUrl: process.argv[2], fetch: createEmulator().fetch };
const journal: () => Journal = storageJournal;
// @ts-expect-error: the types are resolved; a key is not a number
new Inline({ apiKey: journal.length });

runScenario({ BrowserUse, SkillNotFoundError, createEmulator }, baseUrl).then(console.log);
