// @ts-check
/** Formats the tables of results and goals. */
import { BARE, BEFORE, HANDWRITTEN, OFFICIAL, OURS } from "./programs.mjs";
import { quantile, ratio } from "./rounds.mjs";

/** @typedef {Record<string, import("./rounds.mjs").Row[]>} Results - Rows by measurement. */

/**
 * @typedef {object} Goal
 * @property {string} measurement
 * @property {RegExp} figure
 * @property {string} what
 * @property {number} limit
 * @property {string} [than] - The program to divide by. Without it, our absolute value is compared with the limit.
 */

/** README.md has the reasons. @type {Goal[]} */
const GOALS = [
  { measurement: "size", figure: /^together, esbuild, brotli/, what: "brotli bytes", limit: 46_500 },
  {
    measurement: "size",
    figure: /^together, esbuild, brotli/,
    what: "brotli bytes",
    limit: 1,
    than: OFFICIAL,
  },
  {
    measurement: "cold",
    figure: /^import to constructed, uncached \(/,
    what: "import to constructed",
    limit: 1,
    than: OFFICIAL,
  },
  {
    measurement: "cold",
    figure: /^idle page/,
    what: "click to first request in an idle page (ms)",
    limit: 4,
  },
  {
    measurement: "cpu",
    figure: /^execute in Chromium/,
    what: "CPU per call in Chromium",
    limit: 1.25,
    than: HANDWRITTEN,
  },
  {
    measurement: "cpu",
    figure: /^execute in Node/,
    what: "CPU per call in Node",
    limit: 1.25,
    than: HANDWRITTEN,
  },
  { measurement: "wall", figure: /Chromium/, what: "wall time per GET, Chromium", limit: 1.1, than: BARE },
  { measurement: "wall", figure: /Node/, what: "wall time per GET, Node", limit: 1.1, than: BARE },
  { measurement: "large", figure: /^result of 10 MB/, what: "result of 10 MB", limit: 1.05, than: BARE },
  { measurement: "memory", figure: /^heap growth/, what: "growth of the heap (bytes per call)", limit: 1 },
  { measurement: "growth", figure: /^list of 1000/, what: "list of 1,000 items", limit: 1.3, than: BARE },
];

/** @param {Results} results @param {string[]} names @returns {string} Markdown */
export function table(results, names) {
  const others = [BEFORE, OFFICIAL, BARE].filter((other) => names.includes(other));
  const head = ["figure", ...names, ...others.map((other) => `${OURS} / ${other}`)];
  const parts = Object.entries(results).map(([measurement, rows]) => {
    const lines = rows.map((row) => [
      row.figure,
      ...names.map((name) => cell(row.samples[name])),
      ...others.map((other) => ratioCell(row, other)),
    ]);
    return `### ${measurement}\n\n${grid([head, ...lines])}`;
  });
  return parts.join("\n\n");
}

/** @param {Results} results @returns {string} Markdown */
export function goals(results) {
  const lines = GOALS.flatMap(({ measurement, figure, what, limit, than }) => {
    const row = results[measurement]?.find((row) => figure.test(row.figure));
    if (!row?.samples[OURS] || (than && !row.samples[than])) return [];
    const measured = than ? ratio(row, OURS, than) : quantile(row.samples[OURS]);
    const goal = `≤ ${number(limit)}${than ? ` × ${than}` : ""}`;
    return [
      [what, goal, than ? measured.toFixed(2) : number(measured), measured <= limit ? "met" : "**not met**"],
    ];
  });
  return lines.length === 0 ? "" : `### goals\n\n${grid([["figure", "goal", "measured", ""], ...lines])}`;
}

/** Returns the quartiles of each figure by measurement and program. @param {Results} results */
export function summary(results) {
  const quartiles = (/** @type {number[]} */ samples) =>
    [0.25, 0.5, 0.75].map((part) => rounded(quantile(samples, part)));
  const ofRow = (/** @type {import("./rounds.mjs").Row} */ { figure, samples }) => [
    figure,
    Object.fromEntries(Object.entries(samples).map(([name, values]) => [name, quartiles(values)])),
  ];
  const ofRows = (/** @type {import("./rounds.mjs").Row[]} */ rows) => Object.fromEntries(rows.map(ofRow));
  return Object.fromEntries(Object.entries(results).map(([name, rows]) => [name, ofRows(rows)]));
}

/** Rounds times. Sizes are whole numbers. @param {number} value */
function rounded(value) {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4));
}

/** Formats the median ± half of the interquartile range. @param {number[] | undefined} samples */
function cell(samples) {
  if (!samples) return "";
  const median = quantile(samples);
  const spread = (quantile(samples, 0.75) - quantile(samples, 0.25)) / 2;
  return samples.length === 1 ? number(median) : `${number(median)} ± ${number(spread)}`;
}

/** @param {import("./rounds.mjs").Row} row @param {string} other */
function ratioCell(row, other) {
  if (!row.samples[OURS] || !row.samples[other]) return "";
  const value = ratio(row, OURS, other);
  return Number.isFinite(value) ? value.toFixed(2) : "";
}

/** @param {number} value */
function number(value) {
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en", { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

/** @param {string[][]} lines - The first one is the header. */
function grid(lines) {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const show = (/** @type {string[]} */ line) =>
    `| ${line.map((text, column) => (column === 0 ? text.padEnd(widths[column]) : text.padStart(widths[column]))).join(" | ")} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  const [head, ...rest] = lines.map(show);
  return [head, rule, ...rest].join("\n");
}
