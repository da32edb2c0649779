// @ts-check
/** Functions for the pages of tests/browser/identity.test.mjs. */
import { BrowserUse } from "browser-use-skills";
import { indexedDbJournal } from "browser-use-skills/journal";

export { BrowserUse };
export const SKILL = "3c90c3cc-0d44-4b50-8888-8dd25736052a";

/** @param {string} baseUrl @param {import("browser-use-skills").BrowserUseOptions} [options] */
export function connect(baseUrl, options = {}) {
  return new BrowserUse({ apiKey: "bu_1", baseUrl, journal: indexedDbJournal(), ...options });
}

/** Returns the result of a call, or the fields of its error. @param {PromiseLike<any>} call */
export async function outcome(call) {
  try {
    return { value: await call };
  } catch (error) {
    const { name, code, limit, maybeExecuted, retryable, executionId, skillId, candidates } =
      /** @type {any} */ (error);
    const ids = candidates?.map((/** @type {{ id: string }} */ { id }) => id);
    return {
      name,
      code,
      limit,
      maybeExecuted,
      retryable,
      executionId,
      skillId,
      candidates: ids,
      text: String(error),
    };
  }
}

/** Resumes, and returns the outcome of each run. @param {BrowserUse} client @param {any} [options] */
export async function resumeAll(client, options) {
  const runs = await client.resume(options);
  return Promise.all(
    runs.map(async (run) => ({
      tag: run.tag,
      executionId: run.executionId,
      ...(await outcome(run.result)),
    })),
  );
}
