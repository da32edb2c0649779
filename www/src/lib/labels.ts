/** Labels for the API's enumerations. The types ensure that the lists are complete. */
import type { OperationName, SkillCategory, SkillsGenerationStatus } from "browser-use-skills";

export const CATEGORIES: Record<SkillCategory, string> = {
  search: "Search",
  e_commerce: "E-commerce",
  financial: "Financial",
  news: "News",
  real_estate: "Real estate",
  social_media: "Social media",
  travel: "Travel",
  marketplace: "Marketplace",
  lead_generation: "Lead generation",
  seo: "SEO",
  jobs: "Jobs",
  developer: "Developer",
  media: "Media",
  automation: "Automation",
  integration: "Integration",
  other: "Other",
};

export const STATUSES: Record<SkillsGenerationStatus, string> = {
  recording: "Recording",
  generating: "Generating",
  finished: "Finished",
  failed: "Failed",
  cancelled: "Cancelled",
  timed_out: "Timed out",
};

export const OPERATIONS: Record<OperationName, true> = {
  "skills.create": true,
  "skills.list": true,
  "skills.get": true,
  "skills.update": true,
  "skills.delete": true,
  "skills.cancel": true,
  "skills.execute": true,
  "skills.refine": true,
  "skills.rollback": true,
  "skills.executions": true,
  "skills.executionOutput": true,
  "marketplace.list": true,
  "marketplace.get": true,
  "marketplace.clone": true,
  "marketplace.execute": true,
  "sessions.create": true,
  "sessions.list": true,
  "sessions.get": true,
  "sessions.stop": true,
  "sessions.delete": true,
  "billing.account": true,
  "profiles.list": true,
};

/** Returns the label of a member. Members added by later versions of the API have none, and are returned unchanged. */
export function labelOf(labels: Record<string, string>, member: string): string {
  return Object.hasOwn(labels, member) ? (labels[member] as string) : member;
}

export function isCategory(text: string | null): text is SkillCategory {
  return text !== null && Object.hasOwn(CATEGORIES, text);
}

export function isInProgress(status: string): boolean {
  return status === "recording" || status === "generating";
}
