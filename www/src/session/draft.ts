/**
 * The texts that are being written, and whether a creation may have been paid for. They survive a reload. Each connection
 * has its own.
 */
import { computed, type Signal } from "@preact/signals";
import { remembered } from "../lib/remember.js";
import { connection } from "./connection.js";

export interface Draft {
  readonly body: { title: string; description: string; goal: string; agentPrompt: string };
  /** Whether a creation was sent and has no response: sending it again may pay for a second skill. */
  readonly mayExist: boolean;
}

const EMPTY: Draft = { body: { title: "", description: "", goal: "", agentPrompt: "" }, mayExist: false };

/** Shared by all tabs, so that none pays for a creation that another one has sent. */
const drafts = remembered<Record<string, Draft>>("drafts", {}, () => localStorage, { isShared: true });

/** Names the connection whose draft is shown. */
export const place = computed(() => {
  const { value } = connection;
  return value.mode === "emulator" ? value.mode : `${value.mode} ${value.baseUrl}`;
});

export const draft = computed(() => drafts.value[place.value] ?? EMPTY);

/** Changes the draft of a connection, which may no longer be the current one. */
export function changeDraft(of: string, change: Partial<Draft>): void {
  drafts.value = { ...drafts.value, [of]: { ...(drafts.value[of] ?? EMPTY), ...change } };
}

export function forgetDraft(of: string): void {
  const { [of]: _, ...others } = drafts.value;
  drafts.value = others;
}

/** The feedback for each skill that is being refined, by id. */
export const feedbacks: Signal<Record<string, string>> = remembered("feedback", {}, () => sessionStorage);
