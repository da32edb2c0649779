// @ts-check
// The process of a program. Arguments: its file, the input as JSON, the file of the results: a line of JSON for each.
// A row that has a result there is not run again.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [program = "", input = "", file = ""] = process.argv.slice(2);
const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").filter(Boolean) : [];
const finished = new Set(lines.map((line) => JSON.parse(line).n));
const given = JSON.parse(input);
const { run } = await import(pathToFileURL(program).href);
const rows = program.endsWith("ours.mjs")
  ? given.rows
  : given.rows.filter((/** @type {{ n: number }} */ row) => !finished.has(row.n));
await run({ ...given, rows }, (/** @type {{ n: number }} */ { n }, /** @type {unknown} */ result) =>
  appendFileSync(file, `${JSON.stringify({ n, result })}\n`),
);
process.exit();
