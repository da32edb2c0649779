// @ts-check
/** Starts the WebDriver of WebKitGTK, the engine of Safari, on a virtual display. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { setImmediate } from "node:timers/promises";
import { findMiniBrowser } from "./tools.mjs";

/** As root in a container. */
const ENVIRONMENT = {
  WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
  WEBKIT_DISABLE_COMPOSITING_MODE: "1",
};

/** @returns {Promise<{ url: string, capabilities: Record<string, unknown>, stop: () => void }>} */
export async function startWebKitDriver() {
  const binary = findMiniBrowser();
  if (!binary) throw new Error("WebKitGTK was not found: run `npm run setup`");
  const port = await freePort();
  const args = ["-a", "WebKitWebDriver", `--port=${port}`];
  const env = { ...process.env, ...ENVIRONMENT };
  // A process group of its own: the display, the browser and its processes outlive the driver.
  const driver = spawn("xvfb-run", args, { env, detached: true, stdio: "ignore" });
  const stop = () => {
    if (driver.pid) process.kill(-driver.pid);
  };
  let hasExited = false;
  driver.on("exit", () => {
    hasExited = true;
  });
  while (!(await accepts(port))) {
    if (hasExited) throw new Error("WebKitWebDriver has exited");
    await setImmediate();
  }
  const capabilities = { "webkitgtk:browserOptions": { binary, args: ["--automation"] } };
  return { url: `http://127.0.0.1:${port}`, capabilities, stop };
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  server.close();
  await once(server, "close");
  return port;
}

/** Whether a server accepts connections. @param {number} port @returns {Promise<boolean>} */
function accepts(port) {
  const socket = connect(port, "127.0.0.1");
  return new Promise((resolve) => {
    socket.on("connect", () => resolve(true));
    socket.on("error", () => resolve(false));
  }).finally(() => socket.destroy());
}
