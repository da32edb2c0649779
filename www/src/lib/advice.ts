/** Advice for each error code. The type ensures that the list is complete. */
import type { ErrorCode } from "browser-use-skills";

export interface Advice {
  text: string;
  /** Link to the view that helps. */
  link?: { label: string; href: string };
}

const CONNECT = { label: "Check the connection", href: "#/connect" };
const EMULATOR = { label: "Open the emulator panel", href: "#/emulator" };
const SKILLS = { label: "My skills", href: "#/skills" };

export const ADVICE: Record<ErrorCode, Advice> = {
  skill_not_found: {
    text: "It may have been deleted, or belong to another project. Find it in the list.",
    link: SKILLS,
  },
  skill_not_finished: {
    text: "Wait until it is finished, and check that it is enabled. Run public skills from the marketplace.",
  },
  insufficient_credits: { text: "Nothing was started. Top up the account, then try again.", link: EMULATOR },
  concurrent_skill_creations: {
    text: "Only one creation can run at a time: wait for the other one, or cancel it.",
    link: SKILLS,
  },
  too_many_concurrent_active_sessions: {
    text: "Nothing was started. Try again when another run has ended, or set maxConcurrent to queue runs in the client.",
    link: CONNECT,
  },
  enabled_skills_limit_exceeded: { text: "Disable another skill first.", link: SKILLS },
  generation_not_cancellable: { text: "There is nothing to cancel: the generation has ended." },
  cannot_rollback_public_skill: { text: "There is no earlier version, or the skill is public." },
  cannot_delete_skill_while_generating: { text: "Cancel the generation first." },
  session_not_found: { text: "It may have been deleted. Start another session." },
  profile_not_found: { text: "It may have been deleted. Choose another profile." },
  account_not_found: { text: "The project of the key has no account. Check the key.", link: CONNECT },
  validation: { text: "The server rejected the values above. Correct them and try again." },
  authentication: { text: "The key is missing, invalid, or not authorized.", link: CONNECT },
  invalid_request: { text: "Nothing was sent. Correct the values above." },
  skill_generation: { text: "Check the goal and the prompt, or refine the skill and describe the failure." },
  skill_execution: { text: "The skill ran and failed. Read its log, and refine it." },
  ambiguous_execution: {
    text: "Check the history: one of these executions is yours. The request was not repeated.",
  },
  journal: { text: "The browser's storage failed; nothing was sent." },
  rate_limit: { text: "Too many requests: wait as long as the server requests." },
  network: {
    text: "Check that the server is running, that the URL is correct, and that it allows this page (CORS).",
    link: CONNECT,
  },
  timeout: {
    text: "Increase the timeout, or check the history: the execution may have continued.",
    link: CONNECT,
  },
  server: { text: "The server failed. Try again in a moment." },
  response: { text: "The response is not valid. Check that the URL is that of the API.", link: CONNECT },
  unexpected_status: { text: "Check the URL.", link: CONNECT },
  load: { text: "Loading the WebAssembly failed: reload the page." },
  internal: { text: "Library fault: please report it." },
};
