/** Reads a JSON Schema as a flat list of fields. The schema comes from a server, and may be anything. */

export interface SchemaField {
  /** Such as `days[].high`. */
  readonly path: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly limits: string;
  readonly description: string;
  /** JSON; empty for objects and arrays. */
  readonly example: string;
}

const MAX_DEPTH = 8;
const MAX_FIELDS = 200;

type Schema = Readonly<Record<string, unknown>>;

export function fieldsOf(schema: unknown): SchemaField[] {
  const fields: SchemaField[] = [];
  const add = (path: string, schema: Schema, isRequired: boolean, depth: number) => {
    if (fields.length >= MAX_FIELDS || depth > MAX_DEPTH) return;
    if (path !== "") {
      const description = textOf(schema.description) || textOf(schema.title);
      const [type, limits, example] = [typeOf(schema), limitsOf(schema), exampleOf(schema)];
      fields.push({ path, type, isRequired, limits, description, example });
    }
    const required = Array.isArray(schema.required) ? schema.required : [];
    for (const [name, property] of Object.entries(schemaOf(schema.properties) ?? {})) {
      const isNeeded = required.includes(name);
      add(path === "" ? name : `${path}.${name}`, schemaOf(property) ?? {}, isNeeded, depth + 1);
    }
    const items = schemaOf(schema.items);
    if (items?.properties || items?.items) addItems(path, items, depth);
  };
  const addItems = (path: string, items: Schema, depth: number) => {
    const before = fields.length;
    add(`${path}[]`, items, true, depth + 1);
    // The array itself says what its items are.
    fields.splice(before, 1);
  };
  const root = schemaOf(schema);
  if (root) add("", root, true, 0);
  return fields;
}

function schemaOf(value: unknown): Schema | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Schema) : undefined;
}

const textOf = (value: unknown) => (typeof value === "string" ? value : "");

function typeOf(schema: Schema): string {
  const { type, enum: members, anyOf, oneOf } = schema;
  if (type === "array") {
    const items = schemaOf(schema.items);
    return items ? `array of ${typeOf(items)}` : "array";
  }
  if (typeof type === "string")
    return typeof schema.format === "string" ? `${type} (${schema.format})` : type;
  if (Array.isArray(type)) return type.filter((one) => typeof one === "string").join(" or ");
  if (Array.isArray(members)) return "enum";
  const choices = [anyOf, oneOf].find(Array.isArray);
  return choices ? [...new Set(choices.map((one) => typeOf(schemaOf(one) ?? {})))].join(" or ") : "any";
}

function limitsOf(schema: Schema): string {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, enum: members, pattern } = schema;
  return [
    range(minimum, maximum, ""),
    range(minLength, maxLength, " characters"),
    range(minItems, maxItems, " items"),
    Array.isArray(members) && members.map((member) => JSON.stringify(member)).join(", "),
    typeof pattern === "string" && `/${pattern}/`,
  ]
    .filter(Boolean)
    .join("; ");
}

function range(min: unknown, max: unknown, unit: string): string {
  const hasMax = typeof max === "number";
  if (typeof min === "number") return hasMax ? `${min} to ${max}${unit}` : `at least ${min}${unit}`;
  return hasMax ? `at most ${max}${unit}` : "";
}

/** Returns the example of the schema, or the simplest value that it allows. */
function exampleOf(schema: Schema): string {
  const { examples, example, default: fallback, enum: members, const: only, minimum } = schema;
  const given = [only, Array.isArray(examples) ? examples[0] : undefined, example, fallback];
  const found = given.find((value) => value !== undefined && value !== null);
  if (found !== undefined) return JSON.stringify(found);
  if (Array.isArray(members)) return members.length > 0 ? JSON.stringify(members[0]) : "";
  switch (schema.type) {
    case "boolean":
      return "true";
    case "integer":
    case "number":
      return String(typeof minimum === "number" ? minimum : 1);
    case "string":
      return typeof schema.format === "string" ? (FORMATS[schema.format] ?? "") : "";
    default:
      return "";
  }
}

const FORMATS: Readonly<Record<string, string>> = {
  date: '"2026-01-31"',
  "date-time": '"2026-01-31T12:00:00Z"',
  uri: '"https://example.com/"',
  email: '"user@example.com"',
};
