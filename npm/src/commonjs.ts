// `require` where it takes no ES module: Jest. The file in the folder above is read from the disk.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { loader } from "./load.js";

loader.setLocation({ fallback: () => readFile(join(__dirname, "..", "browser_use_skills_bg.wasm")) });

export * from "./public.js";
