// Emulator entry for `require` where it does not support ES modules (Jest).
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { loader } from "./emulator/load.js";

loader.setLocation({
  fallback: () => readFile(join(__dirname, "..", "browser_use_skills_emulator_bg.wasm")),
});

export * from "./emulator/public.js";
