// @ts-check
/** Runs a batch in two pages of a browser, which are reloaded, against a server that loses responses and refuses requests. */
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";

/**
 * @typedef {object} World
 * @property {number} rows
 * @property {number} concurrency
 * @property {number} executionMs - Duration of an execution.
 * @property {number} lost - Probability that the response of an execution is lost.
 * @property {number} refused - Probability that a request gets a 429.
 * @property {number} reloads - Number of reloads of the first page.
 * @property {boolean} hasSecondPage - Whether a second page has the same batch.
 */

/**
 * @param {import("playwright-core").BrowserContext} profile
 * @param {string} url - A page with tests/site/batch.js and the package.
 * @param {Awaited<ReturnType<typeof import("./lossy-cloud.mjs").startLossyCloud>>} cloud
 * @param {World} world
 */
export async function runInPages(profile, url, cloud, world) {
  const { rows, concurrency, executionMs, lost, refused, reloads, hasSecondPage } = world;
  const given = { baseUrl: cloud.baseUrl, skillId: randomUUID(), rows, concurrency };
  const chance = random(7);
  let requests = 0;
  cloud.onRequest = () => {
    requests += 1;
  };
  cloud.onExecute = async (arrival) => {
    if (chance() < refused) {
      cloud.fire("429");
      return arrival.refuse(429, { detail: "Too many concurrent active sessions" });
    }
    const isLost = chance() < lost;
    const execution = arrival.start();
    await setTimeout(executionMs);
    if (!isLost) return arrival.respond(execution);
    cloud.fire("lost");
    arrival.end(execution);
    arrival.lose();
  };
  /** @param {import("playwright-core").Page} page */
  const begin = async (page) => {
    await page.goto(url);
    await page.evaluate(async (input) => {
      // @ts-expect-error: a URL path of the test site.
      const { runBatch } = await import("/batch.js");
      void runBatch(input);
    }, given);
  };
  const began = performance.now();
  const pages = [await profile.newPage()];
  if (hasSecondPage) pages.push(await profile.newPage());
  for (const page of pages) await begin(page);
  for (let reload = 1; reload <= reloads; reload += 1) {
    await cloud.when(() => cloud.executions.length >= (rows * reload) / (reloads + 1));
    const [first] = pages;
    if (first) await begin(first);
    cloud.fire("reload");
  }
  const states = [];
  for (const page of pages) {
    await page.waitForFunction("batch.isDone", undefined, { timeout: 0 });
    /** @type {{ results: { n: number, status: string, result: any, candidates: number }[], error?: string, isFollowing: boolean }} */
    const state = await page.evaluate("batch");
    states.push(state);
  }
  const seconds = (performance.now() - began) / 1000;
  const executed = cloud.executions.map(({ result }) => /** @type {{ n: number }} */ (result).n);
  return { states, executed, requests, seconds, fired: { ...cloud.fired } };
}

/** A generator of numbers from 0 to 1, the same in every run (mulberry32). @param {number} seed */
export function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
