// Emulator entry for browsers and workers.
import { loader } from "./emulator/load.js";

loader.setLocation({
  file: () => new URL("./browser_use_skills_emulator_bg.wasm", import.meta.url),
  fallback: async () => (await import("./emulator.embedded.js")).default,
});

export * from "./emulator/public.js";
