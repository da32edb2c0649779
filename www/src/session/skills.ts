/** Skills of one's own, as last heard of; those that are being generated are followed. */
import { signal } from "@preact/signals";
import type { SkillResponse } from "browser-use-skills";
import { isUnderWay } from "../lib/words.js";
import { client } from "./connection.js";

/** By id. Replaced with each change, so that views follow. */
export const known = signal<ReadonlyMap<string, SkillResponse>>(new Map());

const followed = new Map<string, AbortController>();

/** Takes in what an answer says of a skill, and follows the skill while it is being generated. */
export function take(skill: SkillResponse): SkillResponse {
  known.value = new Map(known.value).set(skill.id, skill);
  if (isUnderWay(skill.status)) follow(skill.id);
  return skill;
}

export function follow(id: string): void {
  if (followed.has(id)) return;
  const controller = new AbortController();
  followed.set(id, controller);
  const watching = async () => {
    for await (const skill of client.value.skills.watch(id, { signal: controller.signal })) take(skill);
  };
  // A watch that fails leaves the last state on the page; the next look at the skill begins another one.
  watching()
    .catch(() => {})
    .finally(() => followed.delete(id));
}

export function drop(id: string): void {
  followed.get(id)?.abort();
  const left = new Map(known.value);
  left.delete(id);
  known.value = left;
}

export function forgetSkills(): void {
  for (const controller of followed.values()) controller.abort();
  known.value = new Map();
}
