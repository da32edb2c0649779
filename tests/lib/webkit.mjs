// @ts-check
/** Launches WebKitGTK's MiniBrowser. */
import { startWebKitDriver } from "../../scripts/lib/webkit.mjs";
import { openSession } from "./webdriver.mjs";

/** The reason for which tests in WebKit are skipped, if they are. */
export const WEBKIT_SKIPPED = process.platform === "linux" ? false : "WebKitGTK is installed on Linux only";

export async function launchWebKit() {
  const { url, capabilities, stop } = await startWebKitDriver();
  return openSession(url, capabilities, stop);
}
