import { BrowserUse, SkillNotFoundError } from "browser-use-skills";
import wasm from "browser-use-skills/wasm";
import { story } from "../story.js";

const baseUrl = new URLSearchParams(location.search).get("emulator");
globalThis.told = BrowserUse.load(new URL(wasm, import.meta.url)).then(() =>
  story({ BrowserUse, SkillNotFoundError }, { baseUrl }),
);
