/** Maximum duration, in milliseconds: a day. Timers fire immediately for more than 2^31 - 1. */
const MAX_DURATION = 86_400_000;
/** Maximum time to live, in milliseconds: a year. It needs no timer. */
const MAX_TTL = 366 * MAX_DURATION;

/**
 * Copies an object's own properties, to ignore those of a polluted `Object.prototype`.
 * @internal
 */
export function ownOptions<T extends object>(name: string, options: T): T {
  if (typeof options !== "object" || options === null) throw new TypeError(`${name} must be an object`);
  return Object.assign(Object.create(null), options);
}

/**
 * Validates a duration, in milliseconds.
 * @internal
 */
export function duration(name: string, milliseconds: number): number {
  return validate(name, milliseconds, MAX_DURATION);
}

/**
 * Validates a time to live, in milliseconds.
 * @internal
 */
export function timeToLive(name: string, milliseconds: number): number {
  return validate(name, milliseconds, MAX_TTL);
}

function validate(name: string, milliseconds: number, max: number): number {
  if (typeof milliseconds === "number" && milliseconds > 0 && milliseconds <= max) return milliseconds;
  throw new TypeError(`${name} must be a positive number of milliseconds, at most ${max}`);
}
