// Writes the results of a batch to a file: CSV, or JSON with a result per line (NDJSON).

import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { stringify } from "csv-stringify";
import { columnsOf } from "../batch.csv.js";
import type { BatchResult } from "../batch.js";
import { formatOf, type Row } from "./rows.js";

/** A file of results. */
export interface ResultFile {
  write(result: BatchResult<Row, unknown>): Promise<void>;
  close(): Promise<void>;
}

/** Creates or replaces a file. @throws `Error` It cannot be created. */
export async function openResults(path: string): Promise<ResultFile> {
  const file = createWriteStream(path);
  await once(file, "open");
  if (formatOf(path) === "ndjson") {
    return {
      write: (result) => writeTo(file, `${JSON.stringify(record(result))}\n`),
      async close() {
        file.end();
        await finished(file);
      },
    };
  }
  // A spreadsheet would run a value that begins like a formula.
  const csv = stringify({ header: true, escape_formulas: true });
  csv.pipe(file);
  return {
    write: (result) => writeTo(csv, columnsOf(result)),
    async close() {
      csv.end();
      await finished(file);
    },
  };
}

/** Writes a chunk, and waits while the buffer is full. */
async function writeTo(stream: NodeJS.WritableStream, chunk: unknown): Promise<void> {
  if (!stream.write(chunk as string)) await once(stream, "drain");
}

function record({ index, row, status, output, error, executionId }: BatchResult<Row, unknown>): object {
  const described = error && { code: error.code, message: error.message };
  return { index, row, status, executionId, output, error: described };
}
