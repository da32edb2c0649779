/** Sets of faults with a name, which a link can arm. */
import type { EmulatorFault } from "browser-use-skills/emulator";
import { duration } from "./format.js";

export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly fault: EmulatorFault;
}

/** By their name in a link. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  storm: {
    name: "Rate-limit storm",
    description: "The next 2 requests get a 429, each with a Retry-After of one second",
    fault: {
      kind: "status",
      status: 429,
      retryAfter: "1",
      body: { detail: "Rate limit exceeded", retry_after_seconds: 1, limit_rps: 10 },
      count: 2,
    },
  },
  lost: {
    name: "Lost response",
    description: "The next execution of one of your skills runs, but its response is lost",
    fault: { operation: "skills.execute", kind: "drop", when: "after", count: 1 },
  },
  flaky: {
    name: "Flaky network",
    description: "About a third of the requests fail, until 10 have failed",
    fault: { kind: "drop", chance: 0.3, count: 10 },
  },
  slow: {
    name: "Slow server",
    description: "The next 5 responses arrive three seconds later",
    fault: { kind: "delay", ms: 3_000, count: 5 },
  },
};

/** Query parameter of a link that arms scenarios. */
export const PARAMETER = "chaos";

/** Returns the known scenarios that a link names, each once. */
export function scenariosOf(query: URLSearchParams): Scenario[] {
  const names = new Set((query.get(PARAMETER) ?? "").split(","));
  return [...names].flatMap((name) => (Object.hasOwn(SCENARIOS, name) ? [SCENARIOS[name] as Scenario] : []));
}

/** Describes a fault in a few words. */
export function labelOfFault(fault: EmulatorFault): string {
  const chance = fault.chance !== undefined && fault.chance < 1 ? ` ${Math.round(fault.chance * 100)} %` : "";
  return `${kindOf(fault)}${chance}${fault.operation ? ` · ${fault.operation}` : ""}`;
}

function kindOf(fault: EmulatorFault): string {
  switch (fault.kind) {
    case "status":
      return String(fault.status);
    case "delay":
      return `delay ${duration(fault.ms)}`;
    case "drop":
      return fault.when === "after" ? "lost response" : "lost connection";
    default:
      return fault.kind;
  }
}
