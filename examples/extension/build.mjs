// @ts-check
/** Puts the library's files beside the extension's: nothing is bundled, since Chromium loads modules by itself. */
import { cp, mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const FILES = ["index.js", "journal.js", "browser_use_skills_bg.wasm", "LICENSE-MIT", "LICENSE-APACHE"];

const library = dirname(createRequire(import.meta.url).resolve("browser-use-skills/package.json"));
const out = join(import.meta.dirname, "browser-use-skills");
await mkdir(out, { recursive: true });
for (const file of FILES) await cp(join(library, file), join(out, file));
