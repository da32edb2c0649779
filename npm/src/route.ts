import type { Operation } from "./generated/operations.js";

/**
 * The values of the parameters in a path, by name and as they stand there, if the path is the operation's.
 * @internal
 */
export function valuesIn(path: string, operation: Operation): Record<string, string> | undefined {
  const pieces = path.split("/");
  const pattern = operation.path.split("/");
  if (pieces.length !== pattern.length) return undefined;
  const values: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const piece = pieces[index] ?? "";
    const name = /^\{(\w+)\}$/.exec(expected)?.[1];
    if (name === undefined ? piece !== expected : piece === "") return undefined;
    if (name !== undefined) values[name] = piece;
  }
  return values;
}
