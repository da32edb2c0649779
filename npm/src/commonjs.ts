// Entry for `require` where it does not support ES modules (Jest). Reads the WebAssembly from the parent folder.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setLocations } from "./load.js";

const read = (name: string) => readFile(join(__dirname, "..", name));
setLocations(
  { fallback: () => read("browser_use_skills_bg.wasm") },
  { fallback: () => read("browser_use_skills_extra_bg.wasm") },
  { fallback: () => read("browser_use_skills_batch_bg.wasm") },
);

export * from "./public.js";
