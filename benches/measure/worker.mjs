// @ts-check
/** Measures how fast an event starts a stopped service worker, as happens to extensions many times a day. */
import { interleave } from "../lib/rounds.mjs";

/** @typedef {{ start: () => Promise<number> }} Stopped */

/** @type {import("../run.mjs").Measure} */
export async function measure({ names, browser, origin, rounds }) {
  /** @type {Map<string, Stopped>} */
  const workers = new Map();
  const context = await browser.newContext();
  try {
    for (const name of names) workers.set(name, await register(context, `${origin}${name}/`));
    return await interleave(names, rounds(20), async (name) => ({
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
  // A page outside of the scope: one inside would be controlled by the worker and keep it running.
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
 * Returns a function that stops a worker and waits until it has stopped: events before that would be lost.
 *
 * @param {import("playwright-core").CDPSession} devtools
 * @param {string} script
 */
async function stopper(devtools, script) {
  let isStopped = false;
  let notify = () => {};
  devtools.on("ServiceWorker.workerVersionUpdated", ({ versions }) => {
    const version = versions.find(({ scriptURL }) => scriptURL === script);
    if (version) isStopped = version.runningStatus === "stopped";
    if (isStopped) notify();
  });
  await devtools.send("ServiceWorker.enable");
  return async () => {
    /** @type {Promise<void>} */
    const stopped = new Promise((resolve) => {
      notify = resolve;
    });
    if (isStopped) return;
    await devtools.send("ServiceWorker.stopAllWorkers");
    await stopped;
  };
}
