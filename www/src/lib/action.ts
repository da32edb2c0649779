/** The actions of views for which the page shows code, and what the code must do first. */
import type {
  CreateSkillRequest,
  MarketplaceListParams,
  RefineSkillRequest,
  SkillListParams,
  SkillResponse,
} from "browser-use-skills";
import type { Connection } from "../session/connection.js";

export type Action =
  | { readonly is: "browse"; readonly params: MarketplaceListParams }
  | { readonly is: "getPublic"; readonly slug: string }
  | { readonly is: "list"; readonly params: SkillListParams }
  | { readonly is: "get"; readonly id: string }
  | { readonly is: "create"; readonly body: CreateSkillRequest }
  | { readonly is: "refine"; readonly id: string; readonly body: RefineSkillRequest }
  | { readonly is: "executions"; readonly id: string }
  | {
      readonly is: "run";
      readonly id: string;
      readonly isOwn: boolean;
      readonly parameters: Record<string, unknown>;
      readonly sessionId: string | undefined;
      readonly recover: boolean;
      /** JSON Schema; undefined if it is unknown. */
      readonly outputSchema?: Readonly<Record<string, unknown>> | undefined;
    };

/** How to get a skill in a new emulator, which has only the marketplace. */
export type Origin = { readonly refinements: number } & (
  | { readonly is: "public"; readonly slug: string }
  | { readonly is: "clone"; readonly of: string }
  | { readonly is: "creation"; readonly body: CreateSkillRequest }
);

/** What the code must do before the action. Only for the emulator in the page: other programs have their own emulator. */
export interface Preparation {
  readonly origin?: Origin | undefined;
  /** Seed of the emulator: the ids of the marketplace depend on it. Undefined for the default. */
  readonly seed?: number | undefined;
}

export function originOf(skill: SkillResponse): Origin | undefined {
  const { slug, isPublic, clonedFromSkillId, goal, agentPrompt, currentVersion } = skill;
  if (isPublic && slug) return { is: "public", slug, refinements: 0 };
  const refinements = Math.max(0, (currentVersion ?? 1) - 1);
  if (clonedFromSkillId) return { is: "clone", of: clonedFromSkillId, refinements };
  return goal && agentPrompt ? { is: "creation", body: { goal, agentPrompt }, refinements } : undefined;
}

/** What the user must know of the origin. */
export const REASONS: Record<Origin["is"], string> = {
  public: "A skill that every new emulator has.",
  clone: "A new emulator has only the marketplace, so this clones the skill first.",
  creation: "A new emulator has only the marketplace, so this creates the skill first.",
};

/** What the user must know of the session. */
export const SESSION_REASON = "A new emulator has no sessions, so this starts one.";

/** Whether the action needs a session that a new emulator does not have. */
export function needsSession(action: Action, { mode }: Connection): boolean {
  return mode === "emulator" && action.is === "run" && action.sessionId !== undefined;
}

/** Returns how to get the skill of the action, if a new emulator does not have it under its id. */
export function neededOrigin(action: Action, { origin }: Preparation): Origin | undefined {
  const isOfOwnSkill = "id" in action && (action.is !== "run" || action.isOwn);
  return isOfOwnSkill ? origin : undefined;
}
