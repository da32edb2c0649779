/** What a form holds, as texts, and the parameters that they mean. */
import type { ParameterSchema } from "browser-use-skills";

export type Texts = Readonly<Record<string, string>>;

export interface ReadParameters {
  parameters: Record<string, unknown>;
  /** What is wrong, by the name of the parameter. */
  problems: Record<string, string>;
}

export function isRequired({ required }: ParameterSchema): boolean {
  return required ?? true;
}

export function isSecret({ type }: ParameterSchema): boolean {
  return type === "cookie";
}

/** Reads the texts of a form. An empty one is a value that is not given, so that the skill's default counts. */
export function readParameters(schema: readonly ParameterSchema[], texts: Texts): ReadParameters {
  const parameters: Record<string, unknown> = {};
  const problems: Record<string, string> = {};
  for (const parameter of schema) {
    const text = texts[parameter.name] ?? "";
    if (text.trim() === "") {
      const isMissing = isRequired(parameter) && (parameter.default ?? null) === null;
      if (isMissing) problems[parameter.name] = "This parameter is required";
      continue;
    }
    try {
      parameters[parameter.name] = valueFrom(parameter, text);
    } catch (error) {
      problems[parameter.name] = error instanceof Error ? error.message : String(error);
    }
  }
  return { parameters, problems };
}

function valueFrom({ type }: ParameterSchema, text: string): unknown {
  switch (type) {
    case "string":
    case "cookie":
      return text;
    case "number":
      if (!Number.isFinite(Number(text))) throw new Error("This is no number");
      return Number(text);
    case "boolean":
      if (text !== "true" && text !== "false") throw new Error("true or false");
      return text === "true";
    default:
      return json(type, text);
  }
}

function json(type: string, text: string): unknown {
  const value = parsed(text);
  if (type === "array" && !Array.isArray(value)) throw new Error("This is no JSON array: [ … ]");
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (type === "object" && !isObject) throw new Error("This is no JSON object: { … }");
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`This is no JSON: ${error instanceof Error ? error.message : error}`);
  }
}

/** A value as a form holds it. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "object") return JSON.stringify(value, null, 2);
  return String(value);
}

/** What may stand in an address: everything but secrets. */
export function shareable(schema: readonly ParameterSchema[], texts: Texts): Record<string, string> {
  const open = schema.filter((parameter) => !isSecret(parameter) && texts[parameter.name]);
  return Object.fromEntries(open.map(({ name }) => [name, texts[name] as string]));
}
