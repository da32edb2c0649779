// @ts-check
/** Finds the figures that are worse than before. */
import { BEFORE, OURS } from "./programs.mjs";
import { quantile } from "./rounds.mjs";

/** A figure must be worse by more than this factor. All figures are costs: less is better. */
const LIMIT = 1.1;

/**
 * @typedef {object} Regression
 * @property {string} figure
 * @property {number} ratio - The median of the ratios of all rounds.
 */

/**
 * Returns the figures that are more than 10 % worse than before in most rounds: three quarters of the rounds must be worse at
 * all. A figure without rounds, such as a size, has one sample. One that was 0 cannot be compared.
 *
 * @param {import("./report.mjs").Results} results - With samples of both programs.
 * @returns {Regression[]}
 */
export function regressions(results) {
  return Object.values(results)
    .flat()
    .flatMap(({ figure, samples }) => {
      const [now, before] = [samples[OURS] ?? [], samples[BEFORE] ?? []];
      const ratios = now.map((value, round) => value / before[round]).filter(Number.isFinite);
      if (ratios.length === 0) return [];
      const ratio = quantile(ratios);
      return ratio > LIMIT && quantile(ratios, 0.25) > 1 ? [{ figure, ratio }] : [];
    });
}

/** @param {Regression[]} found @param {string} ref @returns {string} Markdown, empty if there are none. */
export function describeRegressions(found, ref) {
  if (found.length === 0) return "";
  const lines = found.map(({ figure, ratio }) => `- ${figure}: ${ratio.toFixed(2)} ×`);
  return [`Slower or larger than \`${ref}\` by more than 10 %:`, "", ...lines, ""].join("\n");
}
