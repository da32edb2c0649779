// @ts-check
/** Shows the skills for the site and the status of the last run. May close at any time: the worker runs the skill. */
import { BrowserUse } from "/browser-use-skills/index.js";
import { baseUrl } from "./api.js";
import { fieldFor, valuesOf } from "./fields.js";
import { messageOf } from "./messages.js";

// The marketplace is public: no key is needed here.
const client = new BrowserUse({ baseUrl });
/** @param {string} selector @returns {HTMLElement} */
const find = (selector) => document.querySelector(selector) ?? document.body;

find("#options").addEventListener("click", () => chrome.runtime.openOptionsPage());
chrome.storage.session.onChanged.addListener(({ run }) => showRun(run?.newValue));
showRun((await chrome.storage.session.get("run")).run);
await listSkills().catch((error) => {
  find("#loading").textContent = messageOf(error);
});

async function listSkills() {
  const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
  const { protocol, hostname } = new URL(tab?.url ?? "about:blank");
  const site = protocol.startsWith("http") ? hostname : "";
  if (site) find("#site").textContent = site;
  // The API has no filter for domains.
  for await (const skill of client.marketplace.list({ pageSize: 100 })) {
    if (skill.domains.some((domain) => site === domain || site.endsWith(`.${domain}`))) {
      find("#skills").append(entryFor(skill));
    }
  }
  find("#loading").textContent = find("#skills").childElementCount > 0 ? "" : "No skills for this site yet.";
}

/** @param {import("browser-use-skills").MarketplaceSkillResponse} skill */
function entryFor({ id, title, description, parameters }) {
  const name = Object.assign(document.createElement("h2"), { textContent: title });
  const about = Object.assign(document.createElement("p"), { textContent: description });
  const form = document.createElement("form");
  const button = Object.assign(document.createElement("button"), { textContent: "Clone and run" });
  form.append(...parameters.map(fieldFor), button);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    chrome.runtime.sendMessage({ run: { skillId: id, title, parameters: valuesOf(form, parameters) } });
  });
  const entry = document.createElement("li");
  entry.append(name, about, form);
  return entry;
}

/** @param {any} run the run that the worker stored */
function showRun(run) {
  if (!run) return;
  const { title, status, message, result } = run;
  const text = { running: "Running. You can close this popup.", done: "Done." }[String(status)];
  /** @type {HTMLFieldSetElement} */ (find("fieldset")).disabled = status === "running";
  find("#run").hidden = false;
  find("#run").dataset.status = status;
  find("#title").textContent = title;
  find("#message").textContent = message ?? text;
  find("#result").hidden = result === undefined;
  find("#result").textContent = JSON.stringify(result, null, 2);
}
