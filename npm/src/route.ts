import type { Operation } from "./generated/operations.js";

/**
 * Returns the raw parameter values of a path, by name. Undefined if the path does not match the operation.
 * @internal
 */
export function matchPath(path: string, operation: Operation): Record<string, string> | undefined {
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
