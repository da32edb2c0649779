/** The skill that is being written. It outlives the view, so that the user can check the list of skills in between. */
import { signal } from "@preact/signals";

const EMPTY = { title: "", description: "", goal: "", agentPrompt: "" };

export const draft = signal(EMPTY);

/** Whether a creation was sent and has no response: sending it again may pay for a second skill. */
export const mayExist = signal(false);

export function forgetDraft(): void {
  draft.value = EMPTY;
  mayExist.value = false;
}
