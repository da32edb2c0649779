// The emulator in browsers and workers.
export { createEmulator, type Emulator } from "./emulator/create.js";
export type {
  EmulatorFault,
  EmulatorRequest,
  EmulatorRequests,
  EmulatorSettings,
} from "./emulator/settings.js";
