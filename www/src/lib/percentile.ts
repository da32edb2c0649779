/** Statistics of a list of numbers, which must not be empty. */

/** Returns the smallest value that at least `percent` of the values do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const ascending = values.toSorted((one, other) => one - other);
  const rank = Math.ceil((percent / 100) * ascending.length);
  return ascending[Math.max(0, rank - 1)] ?? 0;
}

/** Counts the values in bins of equal width. */
export function bins(values: readonly number[], count: number): number[] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const width = (most - least) / count || 1;
  const counts = Array.from({ length: count }, () => 0);
  for (const value of values) {
    const index = Math.min(count - 1, Math.floor((value - least) / width));
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}
