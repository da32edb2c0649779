// The emulator in Node, where the wasm is read from the disk.
import { readFile } from "node:fs/promises";
import { setEmulatorSource } from "./emulator/load.js";

setEmulatorSource(() => readFile(new URL("./browser_use_skills_emulator_bg.wasm", import.meta.url)));

export { createEmulator, type Emulator } from "./emulator/create.js";
export type {
  EmulatorFault,
  EmulatorRequest,
  EmulatorRequests,
  EmulatorSettings,
} from "./emulator/settings.js";
