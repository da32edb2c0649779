// @ts-check
import { isBrowserUseError } from "/browser-use-skills/index.js";

/** @type {Partial<Record<import("browser-use-skills").ErrorCode, string>>} */
const WORDS = {
  authentication: "The key is missing or wrong. Put yours into the options.",
  insufficient_credits: "Your credits do not suffice. Nothing was started.",
  enabled_skills_limit_exceeded: "You have as many skills as your plan allows. Disable one first.",
  too_many_concurrent_active_sessions: "As many skills as your plan allows are running. Nothing was started.",
  ambiguous_execution: "The answer was lost, and the skill was run elsewhere too. Look at its executions.",
  network: "There is no connection to Browser Use Cloud.",
  timeout: "Browser Use Cloud does not answer.",
  server: "Browser Use Cloud has a fault. Try again later.",
};

/** What an error means to somebody who does not program. @param {unknown} error */
export function inWords(error) {
  if (!isBrowserUseError(error)) return String(error);
  return WORDS[error.code] ?? error.message;
}
