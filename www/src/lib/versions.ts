/** The recorded versions of skills. */
import type { SkillResponse } from "browser-use-skills";
import { isSecret } from "./parameters.js";
import { fieldsOf } from "./schema.js";

export interface Version {
  readonly number: number;
  /** When it was generated. */
  readonly finishedAt: string | null;
  /** What is compared, by field. Values of cookies are not recorded. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** By the id of the skill, oldest version first. The skill that was recorded last is last. */
export type Seen = Readonly<Record<string, readonly Version[]>>;

const MAX_SKILLS = 20;
const MAX_VERSIONS = 10;

/** Adds the current version of a skill. Returns the same object if nothing changes. */
export function withVersion(seen: Seen, skill: SkillResponse): Seen {
  const version = versionOf(skill);
  if (!version) return seen;
  const { [skill.id]: recorded = [], ...others } = seen;
  if (recorded.some((one) => JSON.stringify(one) === JSON.stringify(version))) return seen;
  const kept = recorded
    .filter(({ number }) => number !== version.number)
    .concat(version)
    .sort((one, other) => one.number - other.number)
    .slice(-MAX_VERSIONS);
  return Object.fromEntries([...Object.entries(others), [skill.id, kept] as const].slice(-MAX_SKILLS));
}

function versionOf(skill: SkillResponse): Version | undefined {
  const { currentVersion, currentVersionFinishedAt, title, description, goal, agentPrompt } = skill;
  if (currentVersion === null) return undefined;
  const parameters = skill.parameters.map((parameter) => {
    const { name, default: fallback, ...rest } = parameter;
    return [name, { ...rest, default: isSecret(parameter) ? undefined : fallback }];
  });
  const output = fieldsOf(skill.outputSchema).map(({ path, isRequired, ...rest }) => [
    path,
    { ...rest, required: isRequired },
  ]);
  return {
    number: currentVersion,
    finishedAt: currentVersionFinishedAt ?? null,
    facts: {
      title,
      description,
      goal,
      agentPrompt,
      parameters: Object.fromEntries(parameters),
      output: Object.fromEntries(output),
    },
  };
}
