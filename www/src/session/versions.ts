/**
 * The versions of skills that this browser has seen. The API returns only the current one. They survive a reload. Each
 * connection has its own.
 */
import { computed, type Signal } from "@preact/signals";
import type { SkillResponse } from "browser-use-skills";
import { remembered } from "../lib/remember.js";
import { type Seen, withVersion } from "../lib/versions.js";
import { place } from "./draft.js";

const seen: Signal<Record<string, Seen>> = remembered("versions", {}, () => localStorage);

/** By the id of the skill, oldest version first. */
export const versions = computed(() => seen.value[place.value] ?? {});

export function recordVersion(skill: SkillResponse): void {
  const recorded = versions.peek();
  const changed = withVersion(recorded, skill);
  if (changed !== recorded) seen.value = { ...seen.peek(), [place.peek()]: changed };
}

export function forgetVersions(): void {
  const { [place.peek()]: _, ...others } = seen.peek();
  seen.value = others;
}
