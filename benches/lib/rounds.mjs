// @ts-check
/** Samples all programs in rounds, and their statistics. */

/**
 * One line of the table: a figure with its unit, and the samples of each program by round.
 *
 * @typedef {{ figure: string, samples: Record<string, number[]> }} Row
 */

/**
 * Takes a sample of each program in every round. Each round starts with the next program, so that no program always
 * collects the garbage of the same predecessor.
 *
 * @param {string[]} names
 * @param {number} rounds
 * @param {(name: string) => Promise<Record<string, number>>} sample - Returns values by figure.
 * @returns {Promise<Row[]>}
 */
export async function interleave(names, rounds, sample) {
  /** @type {Map<string, Row>} */
  const rows = new Map();
  for (let round = 0; round < rounds; round++) {
    for (let index = 0; index < names.length; index++) {
      const name = names[(round + index) % names.length];
      for (const [figure, value] of Object.entries(await sample(name))) {
        const row = rows.get(figure) ?? { figure, samples: {} };
        rows.set(figure, row);
        row.samples[name] ??= [];
        row.samples[name].push(value);
      }
    }
  }
  return [...rows.values()];
}

/** @param {number[]} values @param {number} [part] - 0.5 for the median. */
export function quantile(values, part = 0.5) {
  const sorted = [...values].sort((a, b) => a - b);
  const index = (sorted.length - 1) * part;
  const low = sorted[Math.floor(index)];
  return low + (sorted[Math.ceil(index)] - low) * (index % 1);
}

/**
 * Returns the median of the ratios of all rounds: other load on the machine affects both programs of a round.
 *
 * @param {Row} row @param {string} name @param {string} other
 */
export function ratio({ samples }, name, other) {
  return quantile(samples[name].map((value, round) => value / samples[other][round]));
}
