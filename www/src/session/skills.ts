/** Cache of the project's skills. Watches skills during their generation. */
import { signal } from "@preact/signals";
import type { SkillResponse } from "browser-use-skills";
import { isInProgress } from "../lib/labels.js";
import { client } from "./connection.js";
import { recordVersion } from "./versions.js";

/** Cached skills by id. Replaced on each change, to update views. */
export const cachedSkills = signal<ReadonlyMap<string, SkillResponse>>(new Map());

const watched = new Map<string, AbortController>();

/** Caches a skill, and watches it during its generation. */
export function cacheSkill(skill: SkillResponse): SkillResponse {
  cachedSkills.value = new Map(cachedSkills.value).set(skill.id, skill);
  recordVersion(skill);
  if (isInProgress(skill.status)) watch(skill.id);
  return skill;
}

export function watch(id: string): void {
  if (watched.has(id)) return;
  const controller = new AbortController();
  watched.set(id, controller);
  const watching = async () => {
    for await (const skill of client.value.skills.watch(id, { signal: controller.signal })) cacheSkill(skill);
  };
  // After a failure, the page keeps the last state; opening the skill starts a new watch.
  watching()
    .catch(() => {})
    .finally(() => watched.delete(id));
}

export function uncacheSkill(id: string): void {
  watched.get(id)?.abort();
  const remaining = new Map(cachedSkills.value);
  remaining.delete(id);
  cachedSkills.value = remaining;
}

export function forgetSkills(): void {
  for (const controller of watched.values()) controller.abort();
  cachedSkills.value = new Map();
}
