// The emulator in Node, Deno, Bun and bundles for servers: its WebAssembly is loaded as a script.
import { loader } from "./emulator/load.js";
import { decoded } from "./wasm/base64.js";

loader.setLocation({ fallback: () => decoded(import("./emulator.embedded.js")) });

export { createEmulator, type Emulator } from "./emulator/create.js";
export type {
  EmulatorFault,
  EmulatorRequest,
  EmulatorRequests,
  EmulatorSettings,
} from "./emulator/settings.js";
