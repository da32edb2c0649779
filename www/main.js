// @ts-check
// Starts the page: the client, the list of requests, and the buttons that run the steps.

import { BrowserUse } from "browser-use-skills";
import { requestPanel } from "./requests.js";
import { createStory } from "./story.js";
import { byId, duration, errorBlock } from "./view.js";

/** @typedef {import("./story.js").Step} Step */

// The emulator takes any key. A real one belongs on a server: whoever reads a page reads its key.
const API_KEY = "bu_emulator";

const runAll = /** @type {HTMLButtonElement} */ (byId("run-all"));
const meter = /** @type {HTMLProgressElement} */ (byId("meter"));
let isBusy = false;

/** Puts the page to work. */
async function start() {
  const started = performance.now();
  await BrowserUse.load();
  byId("library").textContent = `ready in ${Math.round(performance.now() - started)} ms`;
  const baseUrl = await emulatorUrl();
  byId("emulator").textContent = baseUrl;
  const panel = requestPanel(byId("requests"), byId("requests-hint"), baseUrl);
  const client = new BrowserUse({ apiKey: API_KEY, baseUrl, fetch: panel.fetch });
  const { steps, cancel } = createStory(client, panel.count);
  for (const step of steps) {
    formOf(step).addEventListener("submit", (event) => {
      event.preventDefault();
      exclusively(steps, () => runStep(step, steps));
    });
  }
  runAll.addEventListener("click", () => {
    panel.clear();
    exclusively(steps, () => runStory(steps));
  });
  byId("cancel").addEventListener("click", () => {
    cancel().catch((error) => outOf(stepOf("wait", steps)).append(errorBlock(error)));
  });
  refresh(steps);
  announce("Ready");
}

/** @returns {Promise<string>} */
async function emulatorUrl() {
  const response = await fetch("./config.json", { cache: "no-store" });
  if (!response.ok) throw new Error("There is no emulator: start this page with `npm start`");
  const { emulator } = await response.json();
  return emulator;
}

/**
 * One at a time: the steps share a skill.
 *
 * @param {Step[]} steps
 * @param {() => Promise<unknown>} work
 */
async function exclusively(steps, work) {
  if (isBusy) return;
  isBusy = true;
  refresh(steps);
  await work();
  isBusy = false;
  refresh(steps);
}

/** @param {Step[]} steps */
async function runStory(steps) {
  setStory("running");
  for (const step of steps) reset(step);
  meter.value = 0;
  for (const step of steps) {
    if (!(await runStep(step, steps))) {
      setStory("failed");
      return;
    }
  }
  setStory("done");
  announce(`Done: all ${steps.length} steps`);
}

/**
 * Runs a step and shows how it went; resolves to whether it went well.
 *
 * @param {Step} step
 * @param {Step[]} steps
 */
async function runStep(step, steps) {
  const number = steps.indexOf(step) + 1;
  const title = sectionOf(step).querySelector("h3")?.lastChild?.textContent?.trim();
  const line = `${number} of ${steps.length}: ${title}`;
  const started = performance.now();
  // What came of the skill before says nothing about a new one.
  if (step.name === "create") steps.filter(isAboutSkill).forEach(reset);
  reset(step);
  setState(step, "running");
  setOutcome(step, "Running …");
  announce(`${line} …`);
  try {
    const missing = step.needs();
    if (missing) throw new Error(missing);
    await step.run(outOf(step));
    setState(step, "done");
    setOutcome(step, `Done in ${duration(performance.now() - started)}`);
    announce(`${line}: done`);
    return true;
  } catch (error) {
    setState(step, "failed");
    setOutcome(step, "Failed");
    outOf(step).append(errorBlock(error));
    announce(`${line}: failed`);
    return false;
  } finally {
    meter.value = steps.filter((each) => stateOf(each) === "done").length;
  }
}

/** @param {Step} step */
function isAboutSkill({ name }) {
  return ["wait", "execute", "refine", "rollback", "executions", "delete"].includes(name);
}

/** @param {Step} step */
function reset(step) {
  setState(step, "idle");
  outOf(step).replaceChildren();
  setOutcome(step, "");
}

/**
 * Enables what can run now, and says of the rest what it needs.
 *
 * @param {Step[]} steps
 */
function refresh(steps) {
  runAll.disabled = isBusy;
  for (const step of steps) {
    const missing = step.needs();
    buttonOf(step).disabled = isBusy || missing !== null;
    const outcome = sectionOf(step).dataset.outcome;
    noteOf(step).textContent = [outcome, missing].filter(Boolean).join(" · ");
  }
}

/** @param {string} text */
function announce(text) {
  byId("progress").textContent = text;
}

/** @param {"running" | "done" | "failed"} state */
function setStory(state) {
  document.body.dataset.story = state;
}

/**
 * @param {Step} step
 * @param {"idle" | "running" | "done" | "failed"} state
 */
function setState(step, state) {
  sectionOf(step).dataset.state = state;
}

/**
 * @param {Step} step
 * @param {string} outcome
 */
function setOutcome(step, outcome) {
  sectionOf(step).dataset.outcome = outcome;
  noteOf(step).textContent = outcome;
}

/** @param {Step} step */
function stateOf(step) {
  return sectionOf(step).dataset.state;
}

/**
 * @param {string} name
 * @param {Step[]} steps
 * @returns {Step}
 */
function stepOf(name, steps) {
  const found = steps.find((step) => step.name === name);
  if (!found) throw new Error(`there is no step "${name}"`);
  return found;
}

/** @param {Step} step */
function sectionOf({ name }) {
  return /** @type {HTMLElement} */ (part(document, `[data-step="${name}"]`));
}

/** @param {Step} step */
function formOf(step) {
  return part(sectionOf(step), "form");
}

/** @param {Step} step */
function buttonOf(step) {
  return /** @type {HTMLButtonElement} */ (part(sectionOf(step), "button[type=submit]"));
}

/** @param {Step} step */
function noteOf(step) {
  return part(sectionOf(step), ".note");
}

/** @param {Step} step */
function outOf(step) {
  return part(sectionOf(step), ".out");
}

/**
 * @param {ParentNode} parent
 * @param {string} selector
 */
function part(parent, selector) {
  const found = parent.querySelector(selector);
  if (!found) throw new Error(`the page has no "${selector}"`);
  return found;
}

start().catch((error) => {
  announce(error instanceof Error ? error.message : String(error));
  setStory("failed");
});
