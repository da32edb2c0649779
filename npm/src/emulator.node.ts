// Emulator entry for Node, Deno, Bun and server bundles. Loads the embedded WebAssembly.
import { loader } from "./emulator/load.js";

loader.setLocation({ fallback: async () => (await import("./emulator.embedded.js")).default });

export * from "./emulator/public.js";
