import { type ParseArgsConfig, parseArgs } from "node:util";

/** Invalid command-line usage (exit code 2). */
export class UsageError extends Error {}

/** Parses a command line. @throws {@link UsageError} It is invalid. */
export function read<Config extends ParseArgsConfig>(config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
