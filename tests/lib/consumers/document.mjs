// @ts-check
/** Writes the table of consumers in docs/bundlers.md. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SOURCES } from "./project.mjs";
import { consumers } from "./table.mjs";

const BEGIN = "<!-- Written by `npm run test:consumers -- --write` -->\n";
const END = "<!-- End of the table -->\n";

/**
 * Returns the version in the lock file of a consumer.
 *
 * @param {import("./table.mjs").Consumer} consumer
 * @returns {Promise<string>}
 */
export async function lockedVersion({ project, version }) {
  if (!version) return "–";
  const lock = JSON.parse(await readFile(join(SOURCES, project, "package-lock.json"), "utf8"));
  return lock.packages[`node_modules/${version}`].version;
}

/**
 * Replaces the table of consumers in a documentation page.
 *
 * @param {string} text
 */
export async function documented(text) {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < 0) throw new Error("The page has no markers for the table of consumers");
  return `${text.slice(0, begin)}${BEGIN}\n${await table()}\n${text.slice(end)}`;
}

async function table() {
  const lines = await Promise.all(
    consumers.map(async (consumer) => {
      const { name, places, development, production } = consumer;
      const cells = [name, await lockedVersion(consumer), Object.keys(places).join(", ")];
      return [...cells, cell(development), cell(production)];
    }),
  );
  return markdown([["", "version", "where it runs", "development", "production"], ...lines]);
}

/** @param {import("./table.mjs").Mode | undefined} mode */
function cell(mode) {
  if (!mode) return "–";
  return mode.wasm ?? "yes";
}

/** @param {string[][]} rows the first of which is the heading */
function markdown([heading = [], ...rows]) {
  const widths = heading.map((_, column) =>
    Math.max(...[heading, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const line = (/** @type {string[]} */ row) =>
    `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(heading), line(widths.map((width) => "-".repeat(width))), ...rows.map(line), ""].join("\n");
}
