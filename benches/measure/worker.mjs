// @ts-check
/** A service worker that was stopped and is started again by an event, as one of an extension is many times a day. */
import { inTurn } from "../lib/rounds.mjs";

/** @typedef {{ start: () => Promise<number> }} Stopped */

/** @type {import("../run.mjs").Measure} */
export async function measure({ names, browser, origin, rounds }) {
  /** @type {Map<string, Stopped>} */
  const workers = new Map();
  const context = await browser.newContext();
  try {
    for (const name of names) workers.set(name, await register(context, `${origin}${name}/`));
    return await inTurn(names, rounds(20), async (name) => ({
      "service worker, event to first request (ms)": (await workers.get(name)?.start()) ?? 0,
    }));
  } finally {
    await context.close();
  }
}

/**
 * @param {import("playwright-core").BrowserContext} context
 * @param {string} scope
 * @returns {Promise<Stopped>}
 */
async function register(context, scope) {
  const page = await context.newPage();
  // Not a page of the scope: such a one would be controlled, and its worker kept.
  await page.goto(new URL("/blank.html", scope).href);
  const devtools = await context.newCDPSession(page);
  const stop = await stopper(devtools, `${scope}worker.js`);
  await page.evaluate(async (scope) => {
    const registration = await navigator.serviceWorker.register(`${scope}worker.js`, {
      type: "module",
      scope,
    });
    const worker = registration.installing ?? registration.active;
    while (worker?.state !== "activated")
      await new Promise((resolve) => worker?.addEventListener("statechange", resolve, { once: true }));
  }, scope);
  return {
    start: async () => {
      await stop();
      return page.evaluate(async (scope) => {
        const registration = await navigator.serviceWorker.getRegistration(scope);
        const { port1, port2 } = new MessageChannel();
        const began = performance.timeOrigin + performance.now();
        registration?.active?.postMessage("call", [port2]);
        const { data } = await new Promise((resolve) => {
          port1.onmessage = resolve;
        });
        if (typeof data !== "number") throw new Error(data);
        return data - began;
      }, scope);
    },
  };
}

/**
 * What stops a worker and waits until it has stopped: an event that comes meanwhile would be lost.
 *
 * @param {import("playwright-core").CDPSession} devtools
 * @param {string} script
 */
async function stopper(devtools, script) {
  let isStopped = false;
  let tell = () => {};
  devtools.on("ServiceWorker.workerVersionUpdated", ({ versions }) => {
    const version = versions.find(({ scriptURL }) => scriptURL === script);
    if (version) isStopped = version.runningStatus === "stopped";
    if (isStopped) tell();
  });
  await devtools.send("ServiceWorker.enable");
  return async () => {
    /** @type {Promise<void>} */
    const stopped = new Promise((resolve) => {
      tell = resolve;
    });
    if (isStopped) return;
    await devtools.send("ServiceWorker.stopAllWorkers");
    await stopped;
  };
}
