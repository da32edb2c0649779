// @ts-check
/**
 * Runs skills. Only this worker and the options page read the key. The browser terminates a worker after 30 seconds without
 * an event, even while a request is pending. So it keeps no state in memory: the popup shows the contents of the storage, the
 * journal has the pending execution, and the alarm starts the next worker.
 */
import { BrowserUse, isBrowserUseError } from "/browser-use-skills/index.js";
import { extensionJournal } from "/browser-use-skills/journal.js";
import { baseUrl } from "./api.js";
import { messageOf } from "./messages.js";

const ALARM = "resume";
const BADGES = { running: "…", done: "✓", failed: "!" };

/** @typedef {import("browser-use-skills").Execution} Execution */

/**
 * @typedef {object} Run the state that the popup shows
 * @property {string} title
 * @property {keyof typeof BADGES} status
 * @property {unknown} [result]
 * @property {string} [message]
 */

const client = new BrowserUse({
  baseUrl,
  apiKey: async () => {
    const { apiKey } = await chrome.storage.local.get("apiKey");
    if (typeof apiKey !== "string") throw new Error("no key is saved");
    return apiKey;
  },
  journal: extensionJournal(chrome.storage.local),
});
let isBusy = false;

// Denies content scripts access to the key. Firefox does not support it: do not use content scripts there.
chrome.storage.local.setAccessLevel?.({ accessLevel: "TRUSTED_CONTEXTS" });

chrome.runtime.onMessage.addListener(({ run }, { url }) => {
  // A page that compromises a content script could otherwise spend the user's credits.
  if (url === chrome.runtime.getURL("popup.html")) start(run);
});
chrome.alarms.onAlarm.addListener(resume);
chrome.runtime.onStartup.addListener(resume);
resume();

/** @param {{ skillId: string, title: string, parameters: Record<string, unknown> }} run */
async function start({ skillId, title, parameters }) {
  if (isBusy) return;
  await follow(title, async () => {
    const copy = await findOrClone(skillId);
    // The execution stays in the journal until its result is stored: the worker may be terminated at any time.
    const deliver = (/** @type {Execution} */ execution) => end(outcomeOf(title, execution));
    return client.skills.execute(copy, { parameters }, { recover: { tag: title, deliver } });
  });
}

/** Returns the id of the clone of a marketplace skill. Creates it on the first run. @param {string} skillId */
async function findOrClone(skillId) {
  for await (const { id, clonedFromSkillId, isEnabled } of client.skills.list({ pageSize: 100 })) {
    if (clonedFromSkillId === skillId && isEnabled) return id;
  }
  return (await client.marketplace.clone(skillId)).id;
}

/** Resumes the unfinished executions of an earlier worker. */
async function resume() {
  const unfinished = await client.resume();
  for (const run of unfinished) {
    const hasEnded = await follow(run.tag ?? "", () => run.result);
    if (hasEnded) await run.acknowledge();
  }
  const { run } = /** @type {{ run?: Run }} */ (await chrome.storage.session.get("run"));
  if (unfinished.length > 0 || isBusy) return;
  const message = "Interrupted. Check the skill's executions: it was probably not run.";
  if (run?.status === "running") await end({ ...run, status: "failed", message });
  else await chrome.alarms.clear(ALARM);
}

/**
 * Shows the status of an execution until it ends. Returns false if its outcome is still unknown.
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
    const isUnknown = isBrowserUseError(error) && error.maybeExecuted && error.code !== "ambiguous_execution";
    // The execution is still in the journal: the next alarm resumes it.
    if (isUnknown)
      await show({
        title,
        status: "running",
        message: `${messageOf(error)} The skill may still be running.`,
      });
    else await end({ title, status: "failed", message: messageOf(error) });
    return !isUnknown;
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
