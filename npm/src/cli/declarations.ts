import type { ParameterSchema, SkillResponse } from "../generated/models.js";
import { EMPTY_OBJECT, type Loss, SchemaWriter, uniqueName } from "./schema.js";
import { docComment, indent, propertyName, quoted, stringLiteral } from "./text.js";

const HEAD = `// Written by \`npx browser-use-skills types\`: the types of client.skill("<id>").
import "browser-use-skills";
`;

/** Maximum number of losses listed per skill. */
const MAX_LOSSES = 20;
/** Reserved names in the namespace of each skill. */
const SKILL_NAMES = ["Skill", "Parameters"];

const PARAMETER_TYPES: Readonly<Record<string, string>> = {
  string: "string",
  cookie: "string",
  number: "number",
  boolean: "boolean",
  object: "{ [key: string]: unknown }",
  array: "unknown[]",
};

/** Generated declarations. */
export interface Declarations {
  /** Content of the file. */
  text: string;
  /** Parts of the schemas that the types do not express: one line each, with the title of the skill. */
  warnings: string[];
}

/** Generates TypeScript declarations of the parameters and outputs of skills. */
export function declarations(skills: readonly SkillResponse[]): Declarations {
  const names = new Set<string>();
  const known: string[] = [];
  const namespaces: string[] = [];
  const warnings: string[] = [];
  for (const skill of skills) {
    const name = uniqueName(skill.title, names);
    const { text, losses } = typesOf(skill);
    const notes = losses.length === 0 ? "" : `\n\nNot fully typed:\n- ${losses.join("\n- ")}`;
    known.push(`    ${stringLiteral(skill.id)}: ${name}.Skill;\n`);
    namespaces.push(`\n${docComment(skill.title + notes)}export namespace ${name} {\n${indent(text)}}\n`);
    warnings.push(...losses.map((loss) => `${skill.title} (${skill.id}): ${loss}`));
  }
  const merged = `\ndeclare module "browser-use-skills" {\n  interface KnownSkills {\n${known.join("")}  }\n}\n`;
  return { text: HEAD + merged + namespaces.join(""), warnings };
}

function typesOf({ parameters, outputSchema }: SkillResponse): { text: string; losses: string[] } {
  const output = new SchemaWriter(
    outputSchema,
    isWrapped(outputSchema) ? ["properties", "data"] : [],
    SKILL_NAMES,
  );
  const given = parametersOf(parameters);
  const skill = "export interface Skill {\n  parameters: Parameters;\n  output: Output;\n}\n";
  const text = [skill, `export type Parameters = ${given.type};\n`, output.write()].join("\n");
  const losses = [
    ...given.losses.map((loss) => lineOf("parameters", loss)),
    ...output.losses.map((loss) => lineOf("outputSchema", loss)),
  ];
  const more = losses.length - MAX_LOSSES;
  return { text, losses: more > 0 ? [...losses.slice(0, MAX_LOSSES), `and ${more} more`] : losses };
}

function parametersOf(parameters: readonly ParameterSchema[]): { type: string; losses: Loss[] } {
  const losses: Loss[] = [];
  const members = new Map<string, string>();
  for (const { name, type, required, description, default: fallback } of parameters) {
    const isKnown = Object.hasOwn(PARAMETER_TYPES, type);
    if (!isKnown) losses.push({ path: [name], message: `there is no type ${quoted(type)}` });
    const optional = required !== false && fallback == null ? "" : "?";
    const written = isKnown ? PARAMETER_TYPES[type] : "unknown";
    members.set(name, `${docComment(description ?? "")}${propertyName(name)}${optional}: ${written};`);
  }
  const type = members.size === 0 ? EMPTY_OBJECT : `{\n${indent([...members.values()].join("\n"))}\n}`;
  return { type, losses };
}

/** Whether a skill wraps its output as `{ success, data, error }`, so that `run` resolves to `data`. */
function isWrapped(schema: SkillResponse["outputSchema"]): boolean {
  const { properties } = (schema ?? {}) as { properties?: unknown };
  if (typeof properties !== "object" || properties === null) return false;
  const names = Object.keys(properties);
  const isKnown = (name: string) => ["success", "data", "error"].includes(name);
  return names.includes("success") && names.includes("data") && names.every(isKnown);
}

/** Formats a loss as one line: `outputSchema.properties["a b"]: it is not a schema`. */
function lineOf(root: string, { path, message }: Loss): string {
  const keys = path.map((key) => {
    const name = propertyName(key);
    return name === key ? `.${name}` : `[${/^\d+$/.test(key) ? key : name}]`;
  });
  return `${root}${keys.join("")}: ${message}`;
}
