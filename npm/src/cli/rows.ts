// Reads the rows of a batch from a file: CSV, or JSON with a row per line (NDJSON).
import { createReadStream } from "node:fs";
import { extname } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { type CsvError, parse } from "csv-parse";
import { UsageError } from "./usage.js";

/** A row: values by the name of their column or field. */
export type Row = Record<string, unknown>;

/** Formats by the extension of a file. */
export type Format = "csv" | "ndjson";

/** @throws {@link UsageError} The extension is unknown. */
export function formatOf(file: string): Format {
  const extension = extname(file).toLowerCase();
  if (extension === ".csv") return "csv";
  if ([".ndjson", ".jsonl"].includes(extension)) return "ndjson";
  throw new UsageError(`${file} must end in .csv, .ndjson or .jsonl.`);
}

/**
 * Reads the rows of a file, one after the other: the file may be larger than the memory.
 *
 * @throws `Error` The file cannot be read, or a line is invalid; the message has its number.
 */
export async function* readRows(file: string): AsyncGenerator<Row> {
  const format = formatOf(file);
  const stream = createReadStream(file, "utf8");
  try {
    yield* format === "csv" ? readCsv(stream, file) : readNdjson(stream, file);
  } finally {
    stream.destroy();
  }
}

async function* readCsv(stream: Readable, file: string): AsyncGenerator<Row> {
  const parser = parse({ columns: uniqueColumns, bom: true, skip_empty_lines: true });
  // `pipe` does not forward errors.
  stream.on("error", (error) => parser.destroy(error));
  try {
    for await (const row of stream.pipe(parser)) yield row;
  } catch (error) {
    const { code, message } = error as CsvError;
    throw code?.startsWith("CSV_") ? new Error(`${file}: ${message}`) : error;
  }
}

/** A parameter with two columns has no value that is certainly meant. */
function uniqueColumns(names: string[]): string[] {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageError(`The CSV file has two columns "${twice}".`);
  return names;
}

async function* readNdjson(stream: Readable, file: string): AsyncGenerator<Row> {
  let number = 0;
  let failure: Error | undefined;
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  stream.on("error", (error) => {
    failure = error;
    lines.close();
  });
  for await (const line of lines) {
    number += 1;
    if (line.trim() === "") continue;
    yield object(line, `${file}: line ${number}`);
  }
  if (failure) throw failure;
}

function object(text: string, where: string): Row {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${where} is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error(`${where} must be a JSON object.`);
  return value as Row;
}
