/** What to do after each kind of failure. The type makes the list complete. */
import type { ErrorCode } from "browser-use-skills";

export interface Advice {
  text: string;
  /** Where in the page it can be done. */
  link?: { label: string; href: string };
}

const CONNECT = { label: "Look at the connection", href: "#/connect" };
const EMULATOR = { label: "Open the emulator panel", href: "#/emulator" };
const SKILLS = { label: "My skills", href: "#/skills" };

export const ADVICE: Record<ErrorCode, Advice> = {
  skill_not_found: {
    text: "It may have been deleted, or be somebody else's. Look it up in the list.",
    link: SKILLS,
  },
  skill_not_finished: {
    text: "Wait until it is finished and see that it is enabled. A public skill is run from the marketplace.",
  },
  insufficient_credits: { text: "Nothing was started. Top up the account, then try again.", link: EMULATOR },
  concurrent_skill_creations: {
    text: "One creation at a time: wait for the other one, or cancel it.",
    link: SKILLS,
  },
  too_many_concurrent_active_sessions: {
    text: "Nothing was started. Try again when another run has ended, or let the client hold runs back with maxConcurrent.",
    link: CONNECT,
  },
  enabled_skills_limit_exceeded: { text: "Disable another skill first.", link: SKILLS },
  generation_not_cancellable: { text: "There is nothing to cancel: it has ended already." },
  cannot_rollback_public_skill: { text: "There is no version before this one, or the skill is public." },
  cannot_delete_skill_while_generating: { text: "Cancel the generation first, then delete." },
  validation: { text: "The server refused the values below. Correct them and send again." },
  authentication: { text: "The key is missing, wrong, or may not do this.", link: CONNECT },
  invalid_request: { text: "Nothing was sent. Correct the values below." },
  skill_generation: { text: "Look at goal and prompt, or refine the skill with what went wrong." },
  skill_execution: { text: "The skill ran and failed. Look at its log, and refine it." },
  ambiguous_execution: {
    text: "Look at the history: one of these executions is yours. Nothing was sent again.",
  },
  journal: { text: "The browser's storage could not be used; nothing was sent." },
  rate_limit: { text: "Too many requests in a short time: wait as long as the server asks." },
  network: {
    text: "See that the server runs, that the address is right, and that it allows this page (CORS).",
    link: CONNECT,
  },
  timeout: {
    text: "Allow more time, or look at the history: a run may have gone on without you.",
    link: CONNECT,
  },
  server: { text: "The server failed. Try again in a moment." },
  response: { text: "The answer is not the API's. Is the address that of the API?", link: CONNECT },
  unexpected_status: { text: "The address may be wrong.", link: CONNECT },
  load: { text: "The WebAssembly could not be loaded: reload the page." },
  internal: { text: "A fault of the library: please report it." },
};
