// The emulator in Node, Deno, Bun and bundles for servers: its WebAssembly is loaded as a script.
import { loader } from "./emulator/load.js";

loader.setLocation({ fallback: async () => (await import("./emulator.embedded.js")).default });

export { createEmulator, type Emulator } from "./emulator/create.js";
export type {
  EmulatorFault,
  EmulatorRequest,
  EmulatorRequests,
  EmulatorSettings,
} from "./emulator/settings.js";
