// @ts-check
/** Samples of all programs in turn, and what they say together. */

/**
 * One line of the table: a figure with its unit, and the samples of each program by round.
 *
 * @typedef {{ figure: string, samples: Record<string, number[]> }} Row
 */

/**
 * Takes a sample of each program in every round; each round begins with another one, so that none always has the same
 * neighbour's garbage to collect.
 *
 * @param {string[]} names
 * @param {number} rounds
 * @param {(name: string) => Promise<Record<string, number>>} sample values by figure
 * @returns {Promise<Row[]>}
 */
export async function inTurn(names, rounds, sample) {
  /** @type {Map<string, Row>} */
  const rows = new Map();
  for (let round = 0; round < rounds; round++) {
    for (let place = 0; place < names.length; place++) {
      const name = names[(round + place) % names.length];
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

/** @param {number[]} values @param {number} [part] 0.5 for the median */
export function quantile(values, part = 0.5) {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * part;
  const low = sorted[Math.floor(place)];
  return low + (sorted[Math.ceil(place)] - low) * (place % 1);
}

/**
 * The median of the ratios of each round: what slows the machine down for a while slows both.
 *
 * @param {Row} row @param {string} name @param {string} other
 */
export function ratio({ samples }, name, other) {
  return quantile(samples[name].map((value, round) => value / samples[other][round]));
}
