// @ts-check
import { BrowserUse } from "/browser-use-skills/index.js";
import { baseUrl } from "./api.js";
import { inWords } from "./words.js";

const form = /** @type {HTMLFormElement} */ (document.querySelector("form"));
const input = /** @type {HTMLInputElement} */ (document.querySelector("input"));
const status = /** @type {HTMLElement} */ (document.querySelector("[role=status]"));

// The key goes in and never comes out again.
const saved = await chrome.storage.local.get("apiKey");
if (saved.apiKey) status.textContent = "A key is saved.";

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const apiKey = input.value.trim();
  await chrome.storage.local.set({ apiKey });
  input.value = "";
  status.textContent = "Saved. Asking whether it is right …";
  try {
    await new BrowserUse({ baseUrl, apiKey }).skills.list({ pageSize: 1 });
    status.textContent = "Saved, and it is right.";
  } catch (error) {
    status.textContent = `Saved, but: ${inWords(error)}`;
  }
});
