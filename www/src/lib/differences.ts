/** Compares two JSON values. */

export interface Difference {
  /** As a JavaScript expression, like `days[0].high`; empty for the values themselves. */
  path: string;
  /** Undefined if only the other value has the path. */
  one: unknown;
  other: unknown;
}

/** Returns the paths at which two values differ, in their order, at most `most`. */
export function differences(one: unknown, other: unknown, most: number): Difference[] {
  const found: Difference[] = [];
  // Not recursive: a deep value would exceed the stack.
  const pending: Difference[] = [{ path: "", one, other }];
  while (pending.length > 0 && found.length < most) {
    const pair = pending.pop() as Difference;
    if (Object.is(pair.one, pair.other)) continue;
    if (isNode(pair.one) && isNode(pair.other) && Array.isArray(pair.one) === Array.isArray(pair.other)) {
      pending.push(...inner(pair.path, pair.one, pair.other).reverse());
    } else found.push(pair);
  }
  return found;
}

type Node = Record<string, unknown>;

function inner(path: string, one: Node, other: Node): Difference[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].map((name) => ({ path: joined(path, name), one: one[name], other: other[name] }));
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null;
}

function joined(path: string, name: string): string {
  if (/^\d+$/.test(name)) return `${path}[${name}]`;
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path ? `${path}.${name}` : name;
}
