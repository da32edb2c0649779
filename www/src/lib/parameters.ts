/** Converts between the texts of a form and parameters. */
import type { ParameterSchema } from "browser-use-skills";
import { HIDDEN } from "../session/redact.js";

export type Texts = Readonly<Record<string, string>>;

export interface ReadParameters {
  parameters: Record<string, unknown>;
  /** Error messages, by parameter name. */
  problems: Record<string, string>;
}

export function isRequired({ required }: ParameterSchema): boolean {
  return required ?? true;
}

export function isSecret({ type }: ParameterSchema): boolean {
  return type === "cookie";
}

/** Parses the texts of a form. Omits empty texts, so that the skill's defaults apply. */
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
      if (!Number.isFinite(Number(text))) throw new Error("This is not a number");
      return Number(text);
    case "boolean":
      if (text !== "true" && text !== "false") throw new Error("Enter true or false");
      return text === "true";
    default:
      return json(type, text);
  }
}

function json(type: string, text: string): unknown {
  const value = parsed(text);
  if (type === "array" && !Array.isArray(value)) throw new Error("This is not a JSON array: [ … ]");
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (type === "object" && !isObject) throw new Error("This is not a JSON object: { … }");
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`This is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

/** Returns the parameters with their secrets replaced. */
export function masked(
  schema: readonly ParameterSchema[],
  parameters: Record<string, unknown>,
): Record<string, unknown> {
  const secrets = new Set(schema.filter(isSecret).map(({ name }) => name));
  const entries = Object.entries(parameters).map(([name, value]) => [
    name,
    secrets.has(name) ? HIDDEN : value,
  ]);
  return Object.fromEntries(entries);
}

/** Converts a value to the text of a form field. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "object") return JSON.stringify(value, null, 2);
  return String(value);
}

/** Returns the texts that may be part of a URL: all except secrets. */
export function shareable(schema: readonly ParameterSchema[], texts: Texts): Record<string, string> {
  const open = schema.filter((parameter) => !isSecret(parameter) && texts[parameter.name]);
  return Object.fromEntries(open.map(({ name }) => [name, texts[name] as string]));
}
