// Node's `fetch` reads no files: the wasm beside this one is read from the disk.
import { readFile } from "node:fs/promises";
import { setPlatformSource } from "./load.js";

setPlatformSource(() => readFile(new URL("./browser_use_skills_bg.wasm", import.meta.url)));

export * from "./public.js";
