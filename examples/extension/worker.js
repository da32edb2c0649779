// @ts-check
/**
 * Spends the credits, and is the only one beside the options that sees the key. The browser ends a worker after half a
 * minute without an event, even while it waits for an answer. So nothing is kept here: the popup shows what is in the
 * storage, the journal knows what runs, and the alarm starts the next worker.
 */
import { BrowserUse, isBrowserUseError } from "/browser-use-skills/index.js";
import { extensionJournal } from "/browser-use-skills/journal.js";
import { baseUrl } from "./api.js";
import { inWords } from "./words.js";

const ALARM = "resume";
const BADGES = { running: "…", done: "✓", failed: "!" };

/** @typedef {import("browser-use-skills").Execution} Execution */

/**
 * @typedef {object} Run what the popup shows
 * @property {string} title
 * @property {keyof typeof BADGES} status
 * @property {unknown} [result]
 * @property {string} [message]
 */

const client = new BrowserUse({
  baseUrl,
  apiKey: async () => {
    const { apiKey } = await chrome.storage.local.get("apiKey");
    if (typeof apiKey !== "string") throw new Error("no key has been saved");
    return apiKey;
  },
  journal: extensionJournal(chrome.storage.local),
});
let isBusy = false;

// Without it, content scripts may read the key. Firefox cannot do it: have no content scripts there.
chrome.storage.local.setAccessLevel?.({ accessLevel: "TRUSTED_CONTEXTS" });

chrome.runtime.onMessage.addListener(({ run }, { url }) => {
  // A page that has broken into a content script of yours could spend your users' credits.
  if (url === chrome.runtime.getURL("popup.html")) start(run);
});
chrome.alarms.onAlarm.addListener(pickUp);
chrome.runtime.onStartup.addListener(pickUp);
pickUp();

/** @param {{ skillId: string, title: string, parameters: Record<string, unknown> }} run */
async function start({ skillId, title, parameters }) {
  if (isBusy) return;
  await follow(title, async () => {
    const copy = await copyOf(skillId);
    // It stays in the journal until its result is stored: a worker may die at any moment.
    const deliver = (/** @type {Execution} */ execution) => end(outcomeOf(title, execution));
    return client.skills.execute(copy, { parameters }, { recover: { tag: title, deliver } });
  });
}

/** One's own copy of a skill of the marketplace: that of an earlier run, or a new one. @param {string} skillId */
async function copyOf(skillId) {
  for await (const { id, clonedFromSkillId, isEnabled } of client.skills.list({ pageSize: 100 })) {
    if (clonedFromSkillId === skillId && isEnabled) return id;
  }
  return (await client.marketplace.clone(skillId)).id;
}

/** Takes up what an earlier worker began and did not see the end of. */
async function pickUp() {
  const left = await client.resume();
  for (const run of left) {
    const isOver = await follow(run.tag ?? "", () => run.result);
    if (isOver) await run.acknowledge();
  }
  const { run } = /** @type {{ run?: Run }} */ (await chrome.storage.session.get("run"));
  if (left.length > 0 || isBusy) return;
  const message = "It was interrupted. Unless its executions tell otherwise, it was not run.";
  if (run?.status === "running") await end({ ...run, status: "failed", message });
  else await chrome.alarms.clear(ALARM);
}

/**
 * Shows how an execution goes, from now to its end, and returns whether that is known.
 *
 * @param {string} title
 * @param {() => Promise<Execution>} execute
 */
async function follow(title, execute) {
  isBusy = true;
  try {
    await show({ title, status: "running" });
    await chrome.alarms.create(ALARM, { periodInMinutes: 0.5 });
    await end(outcomeOf(title, await execute()));
    return true;
  } catch (error) {
    const isOpen = isBrowserUseError(error) && error.maybeExecuted && error.code !== "ambiguous_execution";
    // It is in the journal still, and the next alarm looks again.
    if (isOpen)
      await show({ title, status: "running", message: `${inWords(error)} It may run all the same.` });
    else await end({ title, status: "failed", message: inWords(error) });
    return !isOpen;
  } finally {
    isBusy = false;
  }
}

/** @param {string} title @param {Execution} execution @returns {Run} */
function outcomeOf(title, { success, result, error }) {
  if (success) return { title, status: "done", result };
  return { title, status: "failed", message: `The skill ran and failed: ${error}` };
}

/** @param {Run} run */
async function end(run) {
  await show(run);
  await chrome.alarms.clear(ALARM);
}

/** @param {Run} run */
async function show(run) {
  await chrome.storage.session.set({ run });
  await chrome.action.setBadgeText({ text: BADGES[run.status] });
}
