/** Whether a skill can run now. */
import type { SkillResponse } from "browser-use-skills";
import { isInProgress } from "./labels.js";

const ENDINGS: Record<string, string> = {
  failed: "The generation failed: refine the skill, or create another",
  cancelled: "The generation was cancelled: refine the skill, or create another",
  timed_out: "The generation timed out: refine the skill, or create another",
};

/** Returns why a skill cannot run; undefined if it can. During a refinement, the previous version runs. */
export function whyNotRunnable({
  status,
  isEnabled,
  currentVersion,
}: Pick<SkillResponse, "status" | "isEnabled" | "currentVersion">): string | undefined {
  if (isInProgress(status) && currentVersion === null) return "The skill is still being generated";
  if (Object.hasOwn(ENDINGS, status)) return ENDINGS[status];
  return isEnabled ? undefined : "The skill is disabled: enable it in About";
}
