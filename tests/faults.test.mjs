// @ts-check
/**
 * Each fault with each kind of operation, in a page on another origin: how the call ends, and how many requests the
 * emulator saw. What is expected follows from the tables below.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root } from "../scripts/lib/run.mjs";
import { serveFolder } from "../scripts/serve.mjs";
import { launchBrowser } from "./lib/browser.mjs";
import { startEmulator } from "./lib/emulator.mjs";
import { installPackage } from "./lib/package.mjs";

/**
 * @typedef {object} Operation
 * @property {boolean} repeatable whether doing it twice is the same as doing it once
 * @property {boolean} answers whether its answer has a body
 * @property {string} refusal what 429 means here where nothing speaks of a rate limit
 */

/** @type {Record<string, Operation>} */
const OPERATIONS = {
  "skills.get": { repeatable: true, answers: true, refusal: "rate_limit" },
  "skills.create": { repeatable: false, answers: true, refusal: "too_many_concurrent_active_sessions" },
  "skills.execute": { repeatable: false, answers: true, refusal: "too_many_concurrent_active_sessions" },
  "skills.delete": { repeatable: true, answers: false, refusal: "rate_limit" },
};

/**
 * What an attempt proves, and so whether another may follow: that nothing was done (always), nothing (only if doing it
 * twice does no harm), or that another would end alike (never).
 *
 * @typedef {object} Meaning
 * @property {string} [code] the error; none where there is nothing to complain about
 * @property {"always" | "if repeatable" | "never"} again
 * @property {boolean} [maybe] whether the work may have been done
 * @property {number} [delay] milliseconds before each further attempt
 */

/** @type {Meaning} */
const LOST = { code: "network", again: "if repeatable", maybe: true };
/** @type {Meaning} */
const LATE = { code: "timeout", again: "if repeatable", maybe: true };
/** @type {Meaning} */
const FAILED = { code: "server", again: "if repeatable", maybe: true };
/** The server said yes, so the work was done; only its result cannot be read. @type {Meaning} */
const UNREADABLE = { code: "response", again: "never", maybe: true };

/**
 * `inBody` marks what only an answer with a body can suffer from: a deletion answers 204, and is done.
 *
 * @type {Record<string, { fault: { kind: string } & Record<string, unknown>, inBody?: boolean, size?: number } & Meaning>}
 */
const FAULTS = {
  "429 with Retry-After": {
    fault: { kind: "status", status: 429, retryAfter: "5" },
    code: "rate_limit",
    again: "always",
    delay: 5000,
  },
  429: { fault: { kind: "status", status: 429 }, code: "refusal", again: "always" },
  500: { fault: { kind: "status", status: 500 }, ...FAILED },
  503: { fault: { kind: "status", status: 503 }, ...FAILED },
  // Does not prove that nothing was done: a gateway may send it after the work has begun.
  "503 with Retry-After": {
    fault: { kind: "status", status: 503, retryAfter: "5" },
    ...FAILED,
    delay: 5000,
  },
  "dropped before headers": { fault: { kind: "drop" }, ...LOST },
  "dropped in the body": { fault: { kind: "dropBody" }, inBody: true, ...LOST },
  "stalled headers": { fault: { kind: "stallHeaders" }, ...LATE },
  "stalled body": { fault: { kind: "stallBody" }, inBody: true, ...LATE },
  "truncated JSON": { fault: { kind: "truncate" }, inBody: true, ...UNREADABLE },
  "HTML with 200": { fault: { kind: "notJson" }, inBody: true, ...UNREADABLE },
  "empty 200": { fault: { kind: "empty" }, inBody: true, ...UNREADABLE },
  "wrong type in a field": { fault: { kind: "wrongType" }, inBody: true, ...UNREADABLE },
  "10 MB body": { fault: { kind: "big", bytes: 10_000_000 }, inBody: true, again: "never", size: 10_000_000 },
  // `fetch` does not tell a refused redirect from a lost connection.
  redirect: { fault: { kind: "redirect", location: "http://127.0.0.1:1/" }, ...LOST },
  401: { fault: { kind: "status", status: 401 }, code: "authentication", again: "never" },
};

/**
 * What happens while a fault is met. To abort or to run out of time midway is to do so while the body is read, or,
 * where no headers come, while they are waited for; the rest of the answer is withheld, so that the limit is hit for
 * certain. What stalls can end in no other way.
 *
 * @type {Array<{ ending: "plain" | "aborted" | "timeout", lasting: boolean }>}
 */
const ENDINGS = [
  { ending: "plain", lasting: false },
  { ending: "plain", lasting: true },
  // After an abort nothing follows that could meet the fault again.
  { ending: "aborted", lasting: true },
  { ending: "timeout", lasting: false },
  { ending: "timeout", lasting: true },
];

const RETRIES = 2;

/**
 * @param {string} operation
 * @param {(typeof FAULTS)[string]} fault
 * @param {(typeof ENDINGS)[number]} ending
 */
function expected(operation, fault, { ending, lasting }) {
  const { repeatable, answers, refusal } = OPERATIONS[operation] ?? assert.fail(operation);
  if (ending === "aborted") return { ended: "aborted", requests: 1 };
  // Who runs out of time does not know what the answer would have been.
  const { code, again, maybe = false, delay = 0 } = ending === "timeout" ? LATE : fault;
  if (ending === "plain" && (!code || (fault.inBody && !answers))) {
    const size = answers ? fault.size : undefined;
    return { ended: "resolved", attempts: 1, totalDelay: 0, size, requests: 1 };
  }
  const mayResend = again === "always" || (again === "if repeatable" && repeatable);
  const requests = mayResend ? (lasting ? 1 + RETRIES : 2) : 1;
  const totalDelay = (requests - 1) * delay;
  // A deletion that was carried out and lost finds nothing the second time: that is what was wanted.
  if (mayResend && !lasting)
    return { ended: "resolved", attempts: requests, totalDelay, size: undefined, requests };
  const ended = code === "refusal" ? refusal : code;
  // Calling again does what another attempt would have done.
  return { ended, attempts: requests, totalDelay, maybeExecuted: maybe, retryable: mayResend, requests };
}

describe("every fault with every kind of operation", () => {
  /** @type {Awaited<ReturnType<typeof installPackage>>} */
  let installed;
  /** @type {Awaited<ReturnType<typeof serveFolder>>} */
  let site;
  /** @type {import("playwright-core").Browser} */
  let browser;
  /** @type {import("playwright-core").Page} */
  let page;

  before(async () => {
    [installed, browser] = await Promise.all([installPackage(), launchBrowser()]);
    site = await serveFolder({
      mounts: { "/": join(root, "tests/site"), "/package/": installed.packageFolder },
    });
    page = await browser.newPage();
    await page.goto(site.url);
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    await installed?.remove();
  });

  // Each operation has an emulator of its own, so that they can be counted side by side.
  describe("side by side", { concurrency: true }, () => {
    for (const operation of Object.keys(OPERATIONS)) {
      test(operation, async (context) => {
        const emulator = await startEmulator();
        context.after(() => emulator.close());
        /** @type {Record<string, unknown>} */
        const found = {};
        /** @type {Record<string, unknown>} */
        const right = {};
        for (const [name, fault] of Object.entries(FAULTS)) {
          for (const { ending, lasting } of ENDINGS) {
            const { answers } = OPERATIONS[operation] ?? assert.fail();
            const stalls = fault.code === "timeout" && (answers || !fault.inBody);
            const cell = {
              baseUrl: emulator.baseUrl,
              operation,
              fault: fault.fault,
              lasting,
              ending,
              stalls,
            };
            const title = `${name}, ${ending}${lasting ? ", lasting" : ""}`;
            found[title] = await page.evaluate(async (given) => {
              // @ts-expect-error a path of the test site
              const { play } = await import("/cell.js");
              return play(given);
            }, cell);
            right[title] = expected(operation, fault, { ending, lasting });
          }
        }
        assert.deepEqual(found, right);
        context.diagnostic(`${Object.keys(found).length} cells`);
      });
    }
  });
});
