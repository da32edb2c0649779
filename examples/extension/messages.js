// @ts-check
import { isBrowserUseError } from "/browser-use-skills/index.js";

/** @type {Partial<Record<import("browser-use-skills").ErrorCode, string>>} */
const MESSAGES = {
  authentication: "The key is missing or invalid. Enter it in the options.",
  insufficient_credits: "You do not have enough credits. Nothing was started.",
  enabled_skills_limit_exceeded: "You have reached your plan's limit of enabled skills. Disable one first.",
  too_many_concurrent_active_sessions:
    "You have reached your plan's limit of running skills. Nothing was started.",
  ambiguous_execution: "The response was lost, and the skill was also run elsewhere. Check its executions.",
  network: "Cannot connect to Browser Use Cloud.",
  timeout: "Browser Use Cloud does not respond.",
  server: "Browser Use Cloud has a problem. Try again later.",
};

/** Returns a user-friendly message for an error. @param {unknown} error */
export function messageOf(error) {
  if (!isBrowserUseError(error)) return String(error);
  return MESSAGES[error.code] ?? error.message;
}
