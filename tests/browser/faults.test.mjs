// @ts-check
/**
 * Each fault with each kind of operation, in a page on another origin: how the call ends, and how many requests the
 * emulator received. The expected results follow from the tables below.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root } from "../../scripts/lib/run.mjs";
import { serveFolder } from "../../scripts/serve.mjs";
import { launchBrowser } from "../lib/browser.mjs";
import { startEmulator } from "../lib/emulator.mjs";
import { installPackage } from "../lib/package.mjs";

/**
 * @typedef {object} Operation
 * @property {boolean} idempotent - Whether executing it twice has the same effect as once.
 * @property {boolean} hasBody - Whether its response has a body.
 * @property {string} refusal - The error code of a 429 without rate limit headers.
 */

/** @type {Record<string, Operation>} */
const OPERATIONS = {
  "skills.get": { idempotent: true, hasBody: true, refusal: "rate_limit" },
  "skills.create": { idempotent: false, hasBody: true, refusal: "too_many_concurrent_active_sessions" },
  "skills.execute": { idempotent: false, hasBody: true, refusal: "too_many_concurrent_active_sessions" },
  "skills.delete": { idempotent: true, hasBody: false, refusal: "rate_limit" },
};

/**
 * What an attempt proves, and therefore whether it is retried: that nothing was executed (always), nothing (only if the
 * operation is idempotent), or that a retry would fail too (never).
 *
 * @typedef {object} Meaning
 * @property {string} [code] - The error code; absent if the call succeeds.
 * @property {"always" | "if idempotent" | "never"} retry
 * @property {boolean} [maybe] - Whether the operation may have been executed.
 * @property {number} [delay] - Milliseconds before each retry.
 */

/** @type {Meaning} */
const LOST = { code: "network", retry: "if idempotent", maybe: true };
/** @type {Meaning} */
const LATE = { code: "timeout", retry: "if idempotent", maybe: true };
/** @type {Meaning} */
const FAILED = { code: "server", retry: "if idempotent", maybe: true };
/** The status was successful, so the operation was executed; only its result cannot be read. @type {Meaning} */
const UNREADABLE = { code: "response", retry: "never", maybe: true };

/**
 * `inBody` marks faults that only affect responses with a body: a deletion responds with 204 and succeeds.
 *
 * @type {Record<string, { fault: { kind: string } & Record<string, unknown>, inBody?: boolean, size?: number } & Meaning>}
 */
const FAULTS = {
  "429 with Retry-After": {
    fault: { kind: "status", status: 429, retryAfter: "5" },
    code: "rate_limit",
    retry: "always",
    delay: 5000,
  },
  429: { fault: { kind: "status", status: 429 }, code: "refusal", retry: "always" },
  500: { fault: { kind: "status", status: 500 }, ...FAILED },
  503: { fault: { kind: "status", status: 503 }, ...FAILED },
  // Does not prove that nothing was executed: a gateway may send it after the execution has started.
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
  "10 MB body": { fault: { kind: "big", bytes: 10_000_000 }, inBody: true, retry: "never", size: 10_000_000 },
  // `fetch` does not distinguish a rejected redirect from a lost connection.
  redirect: { fault: { kind: "redirect", location: "http://127.0.0.1:1/" }, ...LOST },
  401: { fault: { kind: "status", status: 401 }, code: "authentication", retry: "never" },
};

/**
 * What else happens during a faulty attempt. An abort or a timeout occurs while the body is read or, without headers,
 * while the client waits for them. The rest of the response is withheld, so that the limit is certainly reached. A
 * stalled response cannot end otherwise.
 *
 * @type {Array<{ ending: "plain" | "aborted" | "timeout", lasting: boolean }>}
 */
const ENDINGS = [
  { ending: "plain", lasting: false },
  { ending: "plain", lasting: true },
  // No attempt follows an abort.
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
  const { idempotent, hasBody, refusal } = OPERATIONS[operation] ?? assert.fail(operation);
  if (ending === "aborted") return { ended: "aborted", requests: 1 };
  // After a timeout the response is unknown.
  const { code, retry, maybe = false, delay = 0 } = ending === "timeout" ? LATE : fault;
  if (ending === "plain" && (!code || (fault.inBody && !hasBody))) {
    const size = hasBody ? fault.size : undefined;
    return { ended: "resolved", attempts: 1, totalDelay: 0, size, requests: 1 };
  }
  const mayResend = retry === "always" || (retry === "if idempotent" && idempotent);
  const requests = mayResend ? (lasting ? 1 + RETRIES : 2) : 1;
  const totalDelay = (requests - 1) * delay;
  // The retry of a deletion whose response was lost gets 404: the desired state already holds.
  if (mayResend && !lasting)
    return { ended: "resolved", attempts: requests, totalDelay, size: undefined, requests };
  const ended = code === "refusal" ? refusal : code;
  // Another call does what a retry would have done.
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

  // Each operation has its own emulator, so that requests can be counted in parallel.
  describe("in parallel", { concurrency: true }, () => {
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
            const { hasBody } = OPERATIONS[operation] ?? assert.fail();
            const stalls = fault.code === "timeout" && (hasBody || !fault.inBody);
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
              // @ts-expect-error: a URL path of the test site.
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
