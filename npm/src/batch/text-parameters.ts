import type { ParameterSchema } from "../generated/models.js";

/**
 * Converts texts, such as the values of a CSV file, to the types of a skill's parameters. Omits empty texts, so that the
 * skill's defaults apply. Keeps values that are not texts, and texts that are not of the type: the client reports them.
 *
 * @example
 * batch(client.skill(skill), rows, { parameters: (row) => parametersFromText(skill.parameters, row) });
 */
export function parametersFromText(
  schema: readonly ParameterSchema[],
  texts: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const types = new Map(schema.map(({ name, type }) => [name, type]));
  const entries = Object.entries(texts).filter(([, text]) => text !== "");
  return Object.fromEntries(entries.map(([name, text]) => [name, convert(types.get(name), text)]));
}

function convert(type: string | undefined, text: unknown): unknown {
  if (typeof text !== "string" || type === "string" || type === "cookie") return text;
  if (type === "number") return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
  if (type === "boolean") return text === "true" || (text === "false" ? false : text);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
