/** Period over which the rate is measured, in milliseconds. */
const PERIOD_MS = 60_000;

/** Measures how many rows end per minute, over the last minute. @internal */
export class Rate {
  /** Times at which the number of ended rows was read. */
  readonly #samples: { at: number; ended: number }[] = [];

  /** Adds a number of ended rows. Returns rows per minute. */
  add(ended: number, now = performance.now()): number {
    this.#samples.push({ at: now, ended });
    while ((this.#samples[1]?.at ?? now) < now - PERIOD_MS) this.#samples.shift();
    const first = this.#samples[0];
    if (!first || now - first.at < 1_000) return 0;
    return ((ended - first.ended) / (now - first.at)) * PERIOD_MS;
  }
}
