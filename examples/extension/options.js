// @ts-check
import { BrowserUse } from "/browser-use-skills/index.js";
import { baseUrl } from "./api.js";
import { messageOf } from "./messages.js";

const form = /** @type {HTMLFormElement} */ (document.querySelector("form"));
const input = /** @type {HTMLInputElement} */ (document.querySelector("input"));
const status = /** @type {HTMLElement} */ (document.querySelector("[role=status]"));

// A saved key is never displayed.
const saved = await chrome.storage.local.get("apiKey");
if (saved.apiKey) status.textContent = "A key is saved.";

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const apiKey = input.value.trim();
  await chrome.storage.local.set({ apiKey });
  input.value = "";
  status.textContent = "Saved. Checking the key…";
  try {
    await new BrowserUse({ baseUrl, apiKey }).skills.list({ pageSize: 1 });
    status.textContent = "Saved. The key is valid.";
  } catch (error) {
    status.textContent = `Saved, but: ${messageOf(error)}`;
  }
});
