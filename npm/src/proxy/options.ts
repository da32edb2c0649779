/** Longest of all durations, in milliseconds: a day. Timers take at most 2^31 - 1, and what is longer would end at once. */
const MAX_DURATION = 86_400_000;
/** A time to live is no timer: a year. */
const MAX_TTL = 366 * MAX_DURATION;

/**
 * The options that an object has itself: nothing that a changed `Object.prototype` adds.
 * @internal
 */
export function ownOptions<T extends object>(name: string, options: T): T {
  if (typeof options !== "object" || options === null) throw new TypeError(`${name} must be an object`);
  return Object.assign(Object.create(null), options);
}

/**
 * A duration that a timer takes.
 * @internal
 */
export function duration(name: string, milliseconds: number): number {
  return checked(name, milliseconds, MAX_DURATION);
}

/**
 * A time to live.
 * @internal
 */
export function timeToLive(name: string, milliseconds: number): number {
  return checked(name, milliseconds, MAX_TTL);
}

function checked(name: string, milliseconds: number, most: number): number {
  if (typeof milliseconds === "number" && milliseconds > 0 && milliseconds <= most) return milliseconds;
  throw new TypeError(`${name} must be a number of milliseconds, at most ${most}`);
}
