/** Formats the results of a batch: as a table, and as files. */
import type { BatchResult } from "browser-use-skills/batch";
import { csv, type Table } from "./result.js";

type Result = BatchResult<Record<string, unknown>>;

/** The table that the page shows. Rows are numbered from 1. */
export function shownTable(results: readonly Result[], columns: readonly string[]): Table {
  const isOther = (name: string) => !["#", "status", "output", "error"].includes(name);
  const rows = results.map(({ index, row, status, output, error }) => ({
    ...row,
    "#": index + 1,
    status,
    output,
    error: error?.message,
  }));
  return { path: "", columns: ["#", "status", ...columns.filter(isOther), "output", "error"], rows };
}

const RESULT_COLUMNS = ["index", "status", "executionId", "error", "output"];

/** The columns of `Batch.toCsv()`, which would run the rows that are left. */
export function batchCsv(results: readonly Result[], columns: readonly string[]): string {
  const rows = results.map(({ index, row, status, executionId, error, output }) => ({
    ...row,
    index,
    status,
    executionId,
    error: error?.message,
    output,
  }));
  const given = columns.filter((name) => !RESULT_COLUMNS.includes(name));
  return csv({ path: "", columns: [...given, ...RESULT_COLUMNS], rows });
}

export function batchNdjson(results: readonly Result[]): string {
  return results.map((result) => `${JSON.stringify(result)}\n`).join("");
}
