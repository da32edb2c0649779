import { type ParseArgsConfig, parseArgs } from "node:util";

/** Thrown for a command line that cannot be meant. */
export class UsageError extends Error {}

/** The options and names on a command line. */
export function read<Config extends ParseArgsConfig>(config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
