/** Converts the result of an execution to a table. */

export interface Table {
  /** Path of the rows in the result, as a JavaScript expression; empty for the result itself. */
  path: string;
  columns: string[];
  rows: Array<Record<string, unknown>>;
}

type Schema = Record<string, unknown>;

/** Finds the first array of objects in a result, outermost first. Columns are in the order of the output schema. */
export function tableOf(result: unknown, schema: unknown): Table | undefined {
  const found = findRows(result, schema, "", 0);
  if (!found) return undefined;
  const { path, rows, items } = found;
  const declared = Object.keys(asSchema(asSchema(items)?.properties) ?? {});
  const seen = new Set(rows.flatMap((row) => Object.keys(row)));
  const columns = [
    ...declared.filter((name) => seen.has(name)),
    ...[...seen].filter((name) => !declared.includes(name)),
  ];
  return { path, columns, rows };
}

interface Rows {
  path: string;
  rows: Array<Record<string, unknown>>;
  items: unknown;
}

/** Sufficient for results like `{ success, data: { items } }`. */
const MAX_DEPTH = 4;

function findRows(value: unknown, schema: unknown, path: string, depth: number): Rows | undefined {
  if (Array.isArray(value)) {
    const isTable = value.length > 0 && value.every(isObject);
    return isTable ? { path, rows: value, items: asSchema(schema)?.items } : undefined;
  }
  if (!isObject(value) || depth >= MAX_DEPTH) return undefined;
  const properties = asSchema(asSchema(schema)?.properties);
  for (const [name, inner] of Object.entries(value)) {
    const found = findRows(inner, properties?.[name], path ? `${path}.${name}` : name, depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** Returns the primitive fields of a result. */
export function plainFields(result: unknown): Array<[string, unknown]> {
  if (!isObject(result)) return [];
  return Object.entries(result).filter(([, value]) => typeof value !== "object" || value === null);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asSchema(value: unknown): Schema | undefined {
  return isObject(value) ? value : undefined;
}

/** Formats a value for one cell. */
export function cell(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Formats a table as CSV (RFC 4180). */
export const csv = (table: Table) => delimited(table, ",");

/** Formats a table as text that spreadsheets split into cells when it is pasted. */
export const tsv = (table: Table) => delimited(table, "\t");

/** Prefixes values that a spreadsheet would evaluate as formulas with an apostrophe. */
function delimited({ columns, rows }: Table, delimiter: "," | "\t"): string {
  const line = (cells: unknown[]) => cells.map((value) => quoted(value, delimiter)).join(delimiter);
  return [line(columns), ...rows.map((row) => line(columns.map((name) => row[name])))].join("\r\n");
}

function quoted(value: unknown, delimiter: string): string {
  const text = cell(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /["\r\n]/.test(safe) || safe.includes(delimiter) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
