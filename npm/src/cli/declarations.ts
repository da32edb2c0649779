import { compile, type JSONSchema, type Options } from "json-schema-to-typescript-lite";
import type { ParameterSchema, SkillResponse } from "../generated/models.js";

const HEAD = `// Written by \`npx browser-use-skills types\`: the types of client.skill("<id>").
import "browser-use-skills";
`;

const OPTIONS: Partial<Options> = {
  // What a schema does not name is not worth a type.
  additionalProperties: false,
  ignoreMinAndMaxItems: true,
  // Nothing of what a schema of somebody else's points to is fetched or read.
  $refOptions: { resolve: { external: false } },
};

const OUTPUT = "#/definitions/Output";
const DROPPED = new Set(["title", "id", "$id", "$schema", "tsType", "tsEnumNames", "default", "examples"]);
/** Where keys are names and not words of JSON Schema. */
const NAMED = new Set(["properties", "patternProperties", "definitions", "$defs"]);

const TYPES: Record<string, JSONSchema> = {
  string: { type: "string" },
  cookie: { type: "string" },
  number: { type: "number" },
  boolean: { type: "boolean" },
  object: { type: "object", additionalProperties: true },
  array: { type: "array" },
};

/** A file of types that tells what skills take and give. */
export async function declarations(skills: readonly SkillResponse[]): Promise<string> {
  const names = uniqueNames(skills);
  const known = skills.map(({ id }, index) => `    ${JSON.stringify(id)}: ${names[index]}.Skill;\n`).join("");
  const spaces: string[] = [];
  for (const [index, skill] of skills.entries()) {
    const types = (await typesOf(skill)).trim().replace(/^(?=.)/gm, "  ");
    spaces.push(`\nexport namespace ${names[index]} {\n${types}\n}\n`);
  }
  const merged = `\ndeclare module "browser-use-skills" {\n  interface KnownSkills {\n${known}  }\n}\n`;
  return HEAD + merged + spaces.join("");
}

async function typesOf(skill: SkillResponse): Promise<string> {
  const compiled = (output: string, Output: JSONSchema) => {
    const whole: JSONSchema = {
      type: "object",
      description: skill.title,
      properties: { parameters: { $ref: "#/definitions/Parameters" }, output: { $ref: output } },
      required: ["parameters", "output"],
      definitions: { Parameters: parametersOf(skill.parameters), Output },
    };
    return compile(whole, "Skill", OPTIONS);
  };
  try {
    const schema = cleaned(skill.outputSchema) as JSONSchema;
    if (!isWrapped(schema)) return await compiled(OUTPUT, schema);
    return await compiled(`${OUTPUT}/properties/data`, schema);
  } catch {
    return compiled(OUTPUT, { description: "Its schema cannot be read.", tsType: "unknown" });
  }
}

function parametersOf(parameters: readonly ParameterSchema[]): JSONSchema {
  const described = ({ type, description }: ParameterSchema) => ({
    ...(TYPES[type] ?? {}),
    ...(description != null && { description }),
  });
  const isNeeded = ({ required, default: given }: ParameterSchema) => required !== false && given == null;
  return {
    type: "object",
    properties: Object.fromEntries(parameters.map((parameter) => [parameter.name, described(parameter)])),
    required: parameters.filter(isNeeded).map(({ name }) => name),
  };
}

/** Whether a skill wraps its output as `{ success, data, error }`: `run` then hands over `data`. */
function isWrapped({ properties = {} }: JSONSchema): boolean {
  const names = Object.keys(properties);
  const isKnown = (name: string) => ["success", "data", "error"].includes(name);
  return names.includes("success") && names.includes("data") && names.every(isKnown);
}

/** A schema of somebody else's without what would name types, bring in TypeScript or lead out of it. */
function cleaned(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(cleaned);
  if (typeof schema !== "object" || schema === null) return schema;
  const kept: Array<[string, unknown]> = [];
  for (const [key, value] of Object.entries(schema)) {
    if (DROPPED.has(key)) continue;
    if (key === "enum" || key === "const") kept.push([key, value]);
    else if (key === "$ref") kept.push(...rebased(value));
    else if (NAMED.has(key) && typeof value === "object" && value !== null)
      kept.push([key, Object.fromEntries(Object.entries(value).map(([name, one]) => [name, cleaned(one)]))]);
    else kept.push([key, cleaned(value)]);
  }
  return Object.fromEntries(kept);
}

/** A reference within the schema, from where the schema will be. */
function rebased(reference: unknown): Array<[string, unknown]> {
  const isWithin = typeof reference === "string" && reference.startsWith("#");
  return isWithin ? [["$ref", OUTPUT + reference.slice(1)]] : [];
}

/** A name for each skill: its title as TypeScript would write it. */
function uniqueNames(skills: readonly SkillResponse[]): string[] {
  const names: string[] = [];
  for (const { title } of skills) {
    const words = title.match(/[A-Za-z0-9]+/g) ?? [];
    const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
    const name = /^[A-Z]/.test(joined) ? joined : `Skill${joined}`;
    let unique = name;
    for (let count = 2; names.includes(unique); count += 1) unique = `${name}_${count}`;
    names.push(unique);
  }
  return names;
}
