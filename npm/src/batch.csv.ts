// The results of a batch as CSV. Loaded on demand.
import { stringify } from "csv-stringify/browser/esm/sync";
import type { BatchResult } from "./batch/types.js";

/** @internal */
export function toCsv(results: readonly BatchResult[]): string {
  // A spreadsheet would run a value that begins like a formula.
  return stringify(results.map(columnsOf), { header: true, escape_formulas: true });
}

/**
 * Returns the columns of a row, and those of its result.
 * @internal
 */
export function columnsOf(result: BatchResult): Record<string, string> {
  const { index, row, status, executionId, error, output } = result;
  const fields = typeof row === "object" && row !== null && !Array.isArray(row) ? row : { row };
  const values = { ...fields, index, status, executionId, error: error?.message, output };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, text(value)]));
}

function text(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
