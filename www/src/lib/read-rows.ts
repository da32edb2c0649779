/** Reads the rows of a batch from text: CSV, a JSON array, or NDJSON. */
import { parse } from "csv-parse/browser/esm/sync";

export type Row = Record<string, unknown>;

export interface ReadRows {
  rows: Row[];
  columns: string[];
}

/** @throws `Error` The text is invalid; the message has the line, or the row of a JSON array. */
export function readRows(text: string): ReadRows {
  const trimmed = text.trim();
  const rows = trimmed.startsWith("[")
    ? readArray(trimmed)
    : trimmed.startsWith("{")
      ? readLines(text)
      : null;
  if (rows) return { rows, columns: [...new Set(rows.flatMap((row) => Object.keys(row)))] };
  return readCsv(text);
}

const DELIMITERS = [",", ";", "\t"];

function readCsv(text: string): ReadRows {
  let columns: string[] = [];
  const rows: Row[] = parse(text, {
    bom: true,
    skip_empty_lines: true,
    delimiter: delimiterOf(text),
    columns: (names: string[]) => {
      // A parameter with two columns has no value that is certainly meant.
      const twice = names.find((name, index) => names.indexOf(name) !== index);
      if (twice !== undefined) throw new Error(`Line 1: there are two columns "${twice}"`);
      columns = names;
      return names;
    },
  });
  return { rows, columns };
}

/** The delimiter of which the first line has the most. */
function delimiterOf(text: string): string {
  const [head = ""] = text.trimStart().split("\n", 1);
  const counts = DELIMITERS.map((delimiter) => head.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ",";
}

function readArray(text: string): Row[] {
  const rows: unknown[] = parsed(text, "The text");
  return rows.map((row, index) => object(row, `Row ${index + 1}`));
}

function readLines(text: string): Row[] {
  return text.split("\n").flatMap((line, index) => {
    const where = `Line ${index + 1}`;
    return line.trim() === "" ? [] : [object(parsed(line, where), where)];
  });
}

function parsed(text: string, where: string) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${where} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

function object(value: unknown, where: string): Row {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error(`${where} is not a JSON object`);
  return value as Row;
}
