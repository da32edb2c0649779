// The emulator in browsers and workers.
import { loader } from "./emulator/load.js";
import { decoded } from "./wasm/base64.js";

loader.setLocation({
  file: () => new URL("./browser_use_skills_emulator_bg.wasm", import.meta.url),
  fallback: () => decoded(import("./emulator.embedded.js")),
});

export { createEmulator, type Emulator } from "./emulator/create.js";
export type {
  EmulatorFault,
  EmulatorRequest,
  EmulatorRequests,
  EmulatorSettings,
} from "./emulator/settings.js";
