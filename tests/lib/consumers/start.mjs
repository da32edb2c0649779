// @ts-check
import { startEmulator } from "../emulator.mjs";
import { freePort } from "./command.mjs";
import { layOut } from "./project.mjs";

/**
 * Starts a consumer, with its own emulator.
 *
 * @param {import("./table.mjs").Consumer} consumer
 * @param {"development" | "production"} mode
 * @param {string} installedPackage the folder where npm has installed the tarball
 */
export async function startConsumer({ name, project, sources = [], node, ...modes }, mode, installedPackage) {
  const { start, wasm } = modes[mode] ?? {};
  if (!start) throw new Error(`${name} has no ${mode}`);
  const emulator = await startEmulator();
  try {
    const port = String(await freePort());
    // HOST: the host on which servers built by frameworks listen.
    const variables = {
      EMULATOR: emulator.baseUrl,
      HOST: "127.0.0.1",
      PORT: port,
      ORIGIN: `http://127.0.0.1:${port}`,
    };
    const running = await start(await layOut(project, { sources, installedPackage, node, variables }));
    const close = async () => {
      await running.close();
      emulator.close();
    };
    return { running, emulator, wasm, close };
  } catch (error) {
    emulator.close();
    throw error;
  }
}
