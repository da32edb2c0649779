/** Sorts, searches and formats the rows of a table. */
import { date, dateTime } from "./format.js";
import { cell, type Table } from "./result.js";

export type Row = Record<string, unknown>;

export interface Column {
  name: string;
  kind: "number" | "date" | "moment" | "text";
  /** Width in characters. */
  width: number;
}

export interface Order {
  name: string;
  isDescending: boolean;
}

/** Rows that decide the kind and the width of a column. */
const SAMPLE = 200;
const MIN_WIDTH = 6;
const MAX_WIDTH = 36;

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/;

export function columnsOf({ columns, rows }: Table): Column[] {
  const sample = rows.slice(0, SAMPLE);
  return columns.map((name) => {
    const values = sample.map((row) => row[name]).filter((value) => value !== null && value !== undefined);
    const kind = kindOf(values);
    const lengths = values.map((value) => formatted(kind, value).length);
    // The header has an arrow.
    const widest = Math.max(MIN_WIDTH, name.length + 3, ...lengths);
    return { name, kind, width: Math.min(MAX_WIDTH, widest) };
  });
}

function kindOf(values: unknown[]): Column["kind"] {
  const all = (test: (value: unknown) => boolean) => values.length > 0 && values.every(test);
  const matches = (pattern: RegExp) => (value: unknown) => typeof value === "string" && pattern.test(value);
  if (all((value) => typeof value === "number")) return "number";
  if (all(matches(DATE))) return "date";
  return all(matches(MOMENT)) ? "moment" : "text";
}

/** Formats a value for a cell. */
export function formatted(kind: Column["kind"], value: unknown): string {
  const text = cell(value);
  // A date has no time zone: noon is on the same day in all but the most distant ones.
  if (kind === "date") return date(`${text}T12:00:00`);
  return kind === "moment" ? dateTime(text) : text;
}

const COLLATOR = new Intl.Collator("en", { numeric: true });

/** Returns the rows in an order. Rows without the value are last. */
export function sorted(rows: readonly Row[], order: Order | undefined): readonly Row[] {
  if (!order) return rows;
  const { name, isDescending } = order;
  const sign = isDescending ? -1 : 1;
  const isMissing = (value: unknown) => value === null || value === undefined;
  return rows.toSorted((one, other) => {
    const [a, b] = [one[name], other[name]];
    if (isMissing(a) || isMissing(b)) return Number(isMissing(a)) - Number(isMissing(b));
    if (typeof a === "number" && typeof b === "number") return sign * (a - b);
    return sign * COLLATOR.compare(cell(a), cell(b));
  });
}

/** Returns the texts to search, one per row. */
export function searchable(rows: readonly Row[], columns: readonly Column[]): Map<Row, string> {
  const textOf = (row: Row) =>
    columns.map(({ name, kind }) => `${cell(row[name])}\n${formatted(kind, row[name])}`).join("\n");
  return new Map(rows.map((row) => [row, textOf(row).toLowerCase()]));
}
