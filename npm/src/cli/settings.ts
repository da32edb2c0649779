// The settings of the emulator as options of the command line.
import type { EmulatorSettings } from "../emulator.node.js";
import type { CorsSettings } from "./cors.js";
import { UsageError } from "./usage.js";

type ServerSettings = EmulatorSettings & Partial<CorsSettings>;

/** What an option takes. */
interface Kind {
  /** The placeholder in the help. */
  name: string;
  /** What a value must be, for messages. */
  form: string;
  /** What the help says of an empty default. */
  none?: string;
  /** Whether the option may be repeated. */
  isList?: true;
  /** The value; undefined if the text has the wrong form. */
  read(text: string): string | number | undefined;
}

const text = (value: string) => value;
const numberLike = (pattern: RegExp) => (value: string) => (pattern.test(value) ? Number(value) : undefined);
const whole = numberLike(/^\d{1,15}$/);

const KEY: Kind = { name: "KEY", form: "a key", none: "any that is not empty", read: text };
const ORIGIN: Kind = { name: "ORIGIN", form: "an origin", none: "all", isList: true, read: text };
const HEADER: Kind = { name: "NAME", form: "a name", none: "none", isList: true, read: text };
const COUNT: Kind = { name: "NUMBER", form: "a whole number", read: whole };
const MS: Kind = { name: "MS", form: "a whole number of milliseconds", read: whole };
const USD: Kind = {
  name: "USD",
  form: "an amount in US dollars, such as 0.02",
  read: numberLike(/^\d{1,9}(\.\d+)?$/),
};

/** Every setting, in the order of the help. */
const SETTINGS: Record<keyof ServerSettings, { option: string; kind: Kind; text: string }> = {
  apiKey: { option: "api-key", kind: KEY, text: "the only key that is accepted" },
  generationMs: { option: "generation-ms", kind: MS, text: "duration of a generation" },
  executionMs: { option: "execution-ms", kind: MS, text: "duration of an execution" },
  credits: { option: "credits", kind: USD, text: "balance of the account" },
  createCost: { option: "create-cost", kind: USD, text: "price of a creation" },
  executeCost: { option: "execute-cost", kind: USD, text: "price of an execution" },
  minimumToCreate: { option: "minimum-to-create", kind: USD, text: "lowest balance for a creation" },
  minimumToExecute: { option: "minimum-to-execute", kind: USD, text: "lowest balance for an execution" },
  maxSessions: { option: "max-sessions", kind: COUNT, text: "most generations and executions at once" },
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

/** The options, for `parseArgs`. */
export const settingOptions = Object.fromEntries(
  Object.values(SETTINGS).map(({ option, kind }) => [
    option,
    { type: "string", multiple: kind.isList ?? false },
  ]),
) as Record<string, { type: "string"; multiple: boolean }>;

/**
 * The settings that the values of {@link settingOptions} stand for.
 *
 * @throws `UsageError` A value has the wrong form.
 */
export function readSettings(values: Readonly<Record<string, unknown>>): ServerSettings {
  const settings: Record<string, unknown> = {};
  for (const [name, { option, kind }] of Object.entries(SETTINGS)) {
    const given = values[option];
    if (given === undefined) continue;
    const read = [given].flat().map((text) => {
      const value = kind.read(String(text));
      if (value === undefined) throw new UsageError(`--${option} must be ${kind.form}.`);
      return value;
    });
    settings[name] = kind.isList ? read : read[0];
  }
  return settings;
}

/** The lines of the help. @param defaults - All settings, as `GET /__emulator/settings` responds. */
export function describeSettings(defaults: Required<ServerSettings>): string {
  const values = new Map<string, unknown>(Object.entries(defaults));
  const lines = Object.entries(SETTINGS).map(([name, { option, kind, text }]) => {
    const value = [values.get(name) ?? []].flat();
    return `  ${`--${option} ${kind.name}`.padEnd(28)}${text} (${value.length === 0 ? kind.none : value})`;
  });
  return lines.join("\n");
}
