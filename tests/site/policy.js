// @ts-check
/** Calls every operation in a page without test tools, and writes the outcome to the title. */
// @ts-expect-error: a URL path of the test site.
import { BrowserUse } from "/package/index.js";
import { callEveryOperation } from "./operations.js";

const baseUrl = new URLSearchParams(location.search).get("api") ?? "";
/** @type {string[]} */
const violations = [];
document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sample }) => {
  violations.push(`${effectiveDirective} ${blockedURI} ${sample}`);
});

/** @param {number} ms */
const advance = (ms) =>
  fetch(new URL("/__emulator/advance", baseUrl), { method: "POST", body: JSON.stringify({ ms }) });

const outcome = await callEveryOperation(new BrowserUse({ baseUrl, apiKey: "bu_1" }), advance).then(
  (done) => ({ done: done.length, violations: [...violations], isStrict: isStrict() }),
  (error) => ({ error: `${error.name}: ${error.message}` }),
);
document.title = JSON.stringify(outcome);

function isStrict() {
  return crossOriginIsolated && isForbidden(() => new Function("")) && isForbidden(writeMarkup);
}

function writeMarkup() {
  document.body.innerHTML = "<p>";
}

/** @param {() => void} act */
function isForbidden(act) {
  try {
    act();
    return false;
  } catch {
    return true;
  }
}
