/** Formats times, sizes and numbers. */

export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Formats a running timer in whole seconds. */
export function seconds(milliseconds: number): string {
  const whole = Math.max(0, Math.floor(milliseconds / 1000));
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

export function bytes(count: number): string {
  return count < 1000 ? `${count} B` : `${(count / 1000).toFixed(1)} kB`;
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

const DATE = new Intl.DateTimeFormat("en", { dateStyle: "medium" });
const MOMENT = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });
const DAY = new Intl.DateTimeFormat("en", { month: "short", day: "numeric", timeZone: "UTC" });
const TIME = new Intl.DateTimeFormat("en", { timeStyle: "medium" });

/** Formats a date of the API. Returns an invalid date unchanged. */
export function date(text: string): string {
  return written(DATE, text);
}

/** Formats a date without a time, such as 2026-11-01. */
export function dayOf(text: string): string {
  return written(DAY, text);
}

export function dateTime(text: string): string {
  return written(MOMENT, text);
}

export function time(milliseconds: number): string {
  return TIME.format(milliseconds);
}

function written(format: Intl.DateTimeFormat, text: string): string {
  const parsed = Date.parse(text);
  return Number.isNaN(parsed) ? text : format.format(parsed);
}

/** Returns the first characters of a text, and how many more there are. */
export function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}\n… ${text.length - most} more characters` : text;
}
