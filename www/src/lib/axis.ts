/** A time axis from 0 to 100 with shortened idle periods. */

/** Length of a shortened idle period, in milliseconds. */
const GAP = 20;

type Span = readonly [from: number, until: number];

export function axisOf(spans: readonly Span[]): (moment: number) => number {
  const busy = merged(spans);
  const starts: number[] = [];
  let length = 0;
  for (const [from, until] of busy) {
    starts.push(length);
    length += until - from + GAP;
  }
  const scale = 100 / Math.max(1, length - GAP);
  return (moment) => {
    const index = busy.findLastIndex(([from]) => from <= moment);
    const span = busy[index];
    if (!span) return 0;
    return ((starts[index] ?? 0) + Math.min(moment, span[1]) - span[0]) * scale;
  };
}

/** Merges overlapping spans, in ascending order. */
function merged(spans: readonly Span[]): Span[] {
  const found: Array<[number, number]> = [];
  for (const [from, until] of [...spans].sort(([a], [b]) => a - b)) {
    const last = found.at(-1);
    if (last && from <= last[1] + GAP) last[1] = Math.max(last[1], until);
    else found.push([from, until]);
  }
  return found;
}
