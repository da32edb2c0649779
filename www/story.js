// @ts-check
// The steps: what each needs, and what it does with the client.

import { isBrowserUseError } from "browser-use-skills";
import {
  byId,
  element,
  errorBlock,
  facts,
  foldedJson,
  jsonBlock,
  link,
  rowsOf,
  statusTrack,
  table,
} from "./view.js";

/**
 * @typedef {import("browser-use-skills").BrowserUse} BrowserUse
 * @typedef {import("browser-use-skills").SkillResponse} Skill
 * @typedef {import("browser-use-skills").MarketplaceSkillResponse} MarketplaceSkill
 * @typedef {import("browser-use-skills").ParameterSchema} Parameter
 */

/**
 * @typedef {object} Step
 * @property {string} name that of its `data-step`
 * @property {() => string | null} needs what must be there first, in words; null when it can run
 * @property {(out: Element) => Promise<void>} run shows in `out` what it gets
 */

const POLL_MS = 500;
const UNDER_WAY = ["recording", "generating"];
const UNKNOWN_ID = "00000000-0000-4000-8000-000000000000";

/**
 * @param {BrowserUse} client
 * @param {() => number} requestCount
 */
export function createStory(client, requestCount) {
  /** @type {MarketplaceSkill | null} */
  let published = null;
  /** @type {string | null} */
  let id = null;
  /** @type {Skill | null} */
  let skill = null;
  /** @type {Skill | null} */
  let copy = null;
  let hasRun = false;

  /** @type {Step[]} */
  const steps = [
    { name: "look", needs: () => null, run: look },
    { name: "create", needs: () => null, run: create },
    { name: "wait", needs: needsSkill, run: wait },
    { name: "execute", needs: needsFinished, run: execute },
    { name: "refine", needs: needsFinished, run: refine },
    { name: "rollback", needs: needsSecondVersion, run: rollback },
    { name: "clone", needs: () => (published ? null : "Needs a skill of step 1"), run: clone },
    { name: "executions", needs: needsRun, run: executions },
    { name: "delete", needs: () => (id || copy ? null : "Needs a skill of step 2 or 7"), run: remove },
    { name: "errors", needs: () => null, run: errors },
  ];

  function needsSkill() {
    return id ? null : "Needs the skill of step 2";
  }

  function needsFinished() {
    return skill?.status === "finished" ? null : "Needs a finished skill: steps 2 and 3";
  }

  function needsSecondVersion() {
    return (skill?.currentVersion ?? 0) > 1 ? needsFinished() : "Needs the version 2 of step 5";
  }

  function needsRun() {
    return id && hasRun ? null : "Needs a run of step 4";
  }

  /** @param {Element} out */
  async function look(out) {
    const page = await client.marketplace.list({ pageSize: 5 });
    const rows = page.items.map(({ title, slug, currentVersion, cloneCount }) => {
      return { title, slug, version: currentVersion, clones: cloneCount };
    });
    out.append(table(`${page.items.length} of ${page.totalItems} published skills`, rows));
    const first = page.items[0];
    if (!first) throw new Error("the marketplace is empty");
    published = await client.marketplace.get(first.slug);
    prefill("clone-parameters", published.parameters);
    const { title, description, categories, domains, parameters } = published;
    out.append(jsonBlock(`The first one: ${title}`, { title, description, categories, domains, parameters }));
  }

  /** @param {Element} out */
  async function create(out) {
    const title = field("title");
    const answer = await client.skills.create({
      title: title === "" ? null : title,
      goal: field("goal"),
      agentPrompt: field("agent-prompt"),
    });
    id = answer.id;
    skill = null;
    hasRun = false;
    out.append(jsonBlock("Answer", answer));
  }

  /** @param {Element} out */
  async function wait(out) {
    skill = await untilFinished(out, "Course of the generation");
    prefill("parameters", skill.parameters);
    const { title, currentVersion, parameters, outputSchema } = skill;
    out.append(jsonBlock("The skill", { title, currentVersion, parameters, outputSchema }));
  }

  /**
   * @param {Element} out
   * @param {string} label
   */
  async function untilFinished(out, label) {
    const track = statusTrack(label);
    const cancel = /** @type {HTMLButtonElement} */ (byId("cancel"));
    out.append(track.element);
    try {
      let now = await client.skills.get(known(id));
      track.show(now.status);
      while (UNDER_WAY.includes(now.status)) {
        cancel.disabled = false;
        await pause(POLL_MS);
        now = await client.skills.get(known(id));
        track.show(now.status);
      }
      if (now.status !== "finished") throw new Error(`The generation ended as ${now.status}`);
      return now;
    } finally {
      cancel.disabled = true;
      track.stop();
    }
  }

  /** @param {Element} out */
  async function execute(out) {
    await runAndShow(out, known(id), json("parameters"));
    hasRun = true;
  }

  /**
   * @param {Element} out
   * @param {string} skillId
   * @param {Record<string, unknown>} parameters
   */
  async function runAndShow(out, skillId, parameters) {
    const { success, result, error, stderr, latencyMs } = await client.skills.execute(skillId, {
      parameters,
    });
    out.append(facts({ success, error, stderr, latency: latencyMs == null ? null : `${latencyMs} ms` }));
    const rows = rowsOf(result);
    if (rows) out.append(table(`Result: ${rows.length} rows`, rows), foldedJson("The same as JSON", result));
    else if (success) out.append(jsonBlock("Result", result));
    if (!success) throw new Error("The skill ran and failed; change the parameters and run it again");
  }

  /** @param {Element} out */
  async function refine(out) {
    await client.skills.refine(known(id), { feedback: field("feedback") });
    skill = await untilFinished(out, "Course of the refinement");
    out.append(facts({ "version now": skill.currentVersion }));
    await runAndShow(out, known(id), json("parameters"));
    hasRun = true;
  }

  /** @param {Element} out */
  async function rollback(out) {
    const before = skill?.currentVersion;
    skill = await client.skills.rollback(known(id));
    out.append(facts({ "version before": before, "version now": skill.currentVersion }));
  }

  /** @param {Element} out */
  async function clone(out) {
    const parameters = json("clone-parameters");
    copy = await client.marketplace.clone(known(published).id);
    copy = await client.skills.update(copy.id, { title: `My ${copy.title}`.slice(0, 100) });
    const { title, status, clonedFromSkillId } = copy;
    out.append(facts({ title, status, "cloned from": clonedFromSkillId }));
    await runAndShow(out, copy.id, parameters);
  }

  /** @param {Element} out */
  async function executions(out) {
    const page = await client.skills.executions(known(id), { pageSize: 10 });
    const rows = page.items.map(({ status, success, startedAt, latencyMs, hasOutput }) => {
      return {
        started: new Date(startedAt).toLocaleTimeString(),
        status,
        success,
        ms: latencyMs,
        output: hasOutput,
      };
    });
    out.append(table(`${page.totalItems} runs`, rows));
    const first = page.items.find((item) => item.hasOutput);
    if (!first) throw new Error("No run has an output");
    const { downloadUrl } = await client.skills.executionOutput(known(id), first.id);
    out.append(facts({ "output of the latest": link(downloadUrl) }));
    // An ordinary address: no key, and not the client's business.
    const response = await fetch(downloadUrl);
    if (!response.ok) throw new Error(`The output answers ${response.status}`);
    out.append(foldedJson("What is there", await response.json()));
  }

  /** @param {Element} out */
  async function remove(out) {
    for (const each of [id, copy?.id]) {
      if (each) await client.skills.delete(each);
    }
    id = null;
    skill = null;
    copy = null;
    hasRun = false;
    const { totalItems } = await client.skills.list({ pageSize: 1 });
    out.append(facts({ "skills left in the project": totalItems }));
  }

  /** @param {Element} out */
  async function errors(out) {
    /** @type {Array<[string, boolean, () => Promise<unknown>]>} */
    const calls = [
      ["skills.get of an id that nobody has", true, () => client.skills.get(UNKNOWN_ID)],
      [
        "skills.create with a short prompt",
        false,
        () => client.skills.create({ goal: "", agentPrompt: "Go" }),
      ],
      ["skills.list with pages of none", false, () => client.skills.list({ pageSize: 0 })],
    ];
    for (const [what, isSent, call] of calls) {
      const before = requestCount();
      const error = await rejection(call);
      const sent = requestCount() - before;
      if (sent > 0 !== isSent) throw new Error(`${what}: ${sent} requests were sent`);
      const where = sent > 0 ? "answered by the API" : "refused before sending";
      out.append(element("h4", {}, `${what}: ${where}`), errorBlock(error, true));
    }
  }

  return {
    steps,
    /** Ends the generation that is waited for. */
    cancel: () => client.skills.cancel(known(id)),
  };
}

/**
 * What a call rejects with; it must, with an error of the library.
 *
 * @param {() => Promise<unknown>} call
 */
async function rejection(call) {
  try {
    await call();
  } catch (error) {
    if (isBrowserUseError(error)) return error;
    throw error;
  }
  throw new Error("This was to fail, but it did not");
}

/**
 * @template T
 * @param {T | null} value
 * @returns {T}
 */
function known(value) {
  if (value === null) throw new Error("A step before this one is missing");
  return value;
}

/** @param {string} elementId */
function field(elementId) {
  return /** @type {HTMLInputElement | HTMLTextAreaElement} */ (byId(elementId)).value.trim();
}

/**
 * @param {string} elementId
 * @returns {Record<string, unknown>}
 */
function json(elementId) {
  const text = field(elementId);
  try {
    return JSON.parse(text === "" ? "{}" : text);
  } catch (error) {
    throw new Error(`The parameters are not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * Fills in an example for each parameter.
 *
 * @param {string} elementId
 * @param {readonly Parameter[]} parameters
 */
function prefill(elementId, parameters) {
  const examples = parameters.map((parameter) => [parameter.name, example(parameter)]);
  const area = /** @type {HTMLTextAreaElement} */ (byId(elementId));
  area.value = JSON.stringify(Object.fromEntries(examples), null, 2);
}

/** @param {Parameter} parameter */
function example({ name, type, default: standard }) {
  if (standard !== null && standard !== undefined) return standard;
  if (name === "query") return "WebAssembly";
  if (/url/i.test(name)) return "https://example.com/";
  /** @type {Record<string, unknown>} */
  const examples = {
    string: "example",
    number: 3,
    boolean: true,
    object: {},
    array: [],
    cookie: "session=example",
  };
  return examples[type] ?? null;
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}
