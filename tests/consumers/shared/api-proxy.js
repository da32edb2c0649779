import process from "node:process";
import { createProxy } from "browser-use-skills/proxy";

/** Forwards to the emulator. The tests start the server with its URL and the server's own origin as variables. */
export const proxy = createProxy({
  apiKey: "bu_consumer",
  baseUrl: process.env.EMULATOR,
  allow: {
    operations: ["marketplace.list", "marketplace.clone", "skills.execute", "skills.get"],
  },
  origins: [process.env.ORIGIN ?? ""],
  authorize: () => true,
});
