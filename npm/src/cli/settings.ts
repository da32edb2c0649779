// The emulator's settings as command-line options.
import type { EmulatorSettings } from "../emulator/settings.js";
import type { CorsSettings } from "./cors.js";
import { UsageError } from "./usage.js";

type ServerSettings = EmulatorSettings & Partial<CorsSettings>;

/** The type of an option's value. */
interface ValueType {
  /** Placeholder in the help. */
  name: string;
  /** Valid values, for error messages. */
  form: string;
  /** Text for an empty default in the help. */
  none?: string;
  /** Whether the option may be repeated. */
  isList?: true;
  /** Parses a value; undefined if it is invalid. */
  parse(text: string): string | number | undefined;
}

const text = (value: string) => value;
const numberLike = (pattern: RegExp) => (value: string) => (pattern.test(value) ? Number(value) : undefined);
const integer = numberLike(/^\d{1,15}$/);

const KEY: ValueType = { name: "KEY", form: "a key", none: "any that is not empty", parse: text };
const PLAN: ValueType = { name: "NAME", form: "a name", none: "no subscription", parse: text };
const ORIGIN: ValueType = { name: "ORIGIN", form: "an origin", none: "all", isList: true, parse: text };
const HEADER: ValueType = { name: "NAME", form: "a name", none: "none", isList: true, parse: text };
const COUNT: ValueType = { name: "NUMBER", form: "a whole number", parse: integer };
const MS: ValueType = { name: "MS", form: "a whole number of milliseconds", parse: integer };
const USD: ValueType = {
  name: "USD",
  form: "an amount in US dollars, such as 0.02",
  parse: numberLike(/^\d{1,9}(\.\d+)?$/),
};

/** All settings, in the order of the help. */
const SETTINGS: Record<keyof ServerSettings, { option: string; kind: ValueType; text: string }> = {
  apiKey: { option: "api-key", kind: KEY, text: "the only key that is accepted" },
  generationMs: { option: "generation-ms", kind: MS, text: "duration of a generation" },
  executionMs: { option: "execution-ms", kind: MS, text: "duration of an execution" },
  credits: { option: "credits", kind: USD, text: "balance of the account" },
  createCost: { option: "create-cost", kind: USD, text: "price of a creation" },
  executeCost: { option: "execute-cost", kind: USD, text: "price of an execution" },
  minimumToCreate: { option: "minimum-to-create", kind: USD, text: "lowest balance for a creation" },
  minimumToExecute: { option: "minimum-to-execute", kind: USD, text: "lowest balance for an execution" },
  plan: { option: "plan", kind: PLAN, text: "name of the plan" },
  sessionIdleMs: { option: "session-idle-ms", kind: MS, text: "time after which an unused session ends" },
  maxSessions: { option: "max-sessions", kind: COUNT, text: "most generations, executions and sessions" },
  maxEnabledSkills: {
    option: "max-enabled-skills",
    kind: COUNT,
    text: "most skills that are enabled at once",
  },
  seed: { option: "seed", kind: COUNT, text: "seed of ids, data and the chances of faults" },
  origins: { option: "origin", kind: ORIGIN, text: "origin whose pages may read responses; repeatable" },
  exposeHeaders: {
    option: "expose-header",
    kind: HEADER,
    text: "response header that pages may read; repeatable",
  },
};

/** Options for `parseArgs`. */
export const settingOptions = Object.fromEntries(
  Object.values(SETTINGS).map(({ option, kind }) => [
    option,
    { type: "string", multiple: kind.isList ?? false },
  ]),
) as Record<string, { type: "string"; multiple: boolean }>;

/**
 * Converts the values of {@link settingOptions} to settings.
 *
 * @throws `UsageError` A value is invalid.
 */
export function readSettings(values: Readonly<Record<string, unknown>>): ServerSettings {
  const settings: Record<string, unknown> = {};
  for (const [name, { option, kind }] of Object.entries(SETTINGS)) {
    const given = values[option];
    if (given === undefined) continue;
    const parsed = [given].flat().map((text) => {
      const value = kind.parse(String(text));
      if (value === undefined) throw new UsageError(`--${option} must be ${kind.form}.`);
      return value;
    });
    settings[name] = kind.isList ? parsed : parsed[0];
  }
  return settings;
}

/** Returns the help text. @param defaults - The response to `GET /__emulator/settings`. */
export function describeSettings(defaults: Required<ServerSettings>): string {
  const values = new Map<string, unknown>(Object.entries(defaults));
  const lines = Object.entries(SETTINGS).map(([name, { option, kind, text }]) => {
    const value = [values.get(name) ?? []].flat();
    return `  ${`--${option} ${kind.name}`.padEnd(28)}${text} (${value.length === 0 ? kind.none : value})`;
  });
  return lines.join("\n");
}
