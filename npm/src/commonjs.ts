// `require` where it takes no ES module: Jest. The files in the folder above are read from the disk.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setLocations } from "./load.js";

const read = (name: string) => readFile(join(__dirname, "..", name));
setLocations(
  { fallback: () => read("browser_use_skills_bg.wasm") },
  { fallback: () => read("browser_use_skills_extra_bg.wasm") },
);

export * from "./public.js";
