/** Writes JavaScript literals. */

export const text = (value: string) => JSON.stringify(value);

/** An expression of the program, in the place of a value. */
export class Expression {
  constructor(readonly code: string) {}
}

/** Formats an object literal. Quotes only names that need quotes. */
export function object(value: object): string {
  return literal(value, "");
}

function literal(value: unknown, indent: string): string {
  const inner = `${indent}  `;
  if (value instanceof Expression) return value.code;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[${value.map((item) => literal(item, indent)).join(", ")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, field]) => field !== undefined && field !== "");
    const fields = entries.map(([name, field]) => `${property(name)}: ${literal(field, inner)}`);
    const line = fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
    const isShort = indent.length + line.length <= 64 && !line.includes("\n");
    return isShort ? line : `{\n${fields.map((field) => `${inner}${field},`).join("\n")}\n${indent}}`;
  }
  return JSON.stringify(value);
}

function property(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
