export { createEmulator, type Emulator } from "./create.js";
export type {
  EmulatorFault,
  EmulatorRequest,
  EmulatorRequests,
  EmulatorSettings,
} from "./settings.js";
export type { EmulatorSnapshot } from "./snapshot.js";
