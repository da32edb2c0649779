/** The pending faults of the emulator, and those that a link arms. */
import { effect, signal } from "@preact/signals";
import type { EmulatorFault } from "browser-use-skills/emulator";
import { replace, route, to } from "../lib/routes.js";
import { PARAMETER, SCENARIOS, type Scenario, scenariosOf } from "../lib/scenarios.js";
import { addFault, faultChanges, readFaults } from "./admin.js";
import { connection, forgottenKey, isEmulated } from "./connection.js";
import { report } from "./notice.js";
import { calls } from "./recorder.js";

export const pendingFaults = signal<readonly EmulatorFault[]>([]);

async function refresh(): Promise<void> {
  const live = connection.peek();
  const found = await readFaults();
  if (live === connection.peek()) pendingFaults.value = found;
}

/** Reads the faults again after each request, which may use one up. */
export function followFaults(): void {
  let seen = "";
  effect(() => {
    if (!isEmulated.value) {
      pendingFaults.value = [];
      seen = "";
      return;
    }
    // Before the first request, nothing is read: that would load the WebAssembly before the first paint.
    const requests = calls.value.flatMap(({ exchanges }) => exchanges);
    const ended = requests.filter(({ endedAt }) => endedAt !== undefined).length;
    const state = `${calls.value.length} ${ended} ${faultChanges.value}`;
    if (requests.length === 0 && faultChanges.value === 0) return;
    if (state === seen) return;
    seen = state;
    // If the emulator is unreachable, the calls themselves show an error.
    void refresh().catch(() => {});
  });
}

export function arm({ fault }: Scenario): Promise<void> {
  return addFault(fault);
}

/** Returns a link to the current view that arms the same scenarios in the emulator of another visitor's page. */
export function linkOf(names: readonly string[]): string {
  const { path, query } = route.value;
  const hash = to(path, { ...Object.fromEntries(query), [PARAMETER]: names.join(",") });
  return new URL(hash, location.href).href;
}

/** Returns the scenarios that are pending, by name. */
export function pendingScenarios(): string[] {
  // The emulator returns null for an omitted operation.
  const same = (a: EmulatorFault, b: EmulatorFault) =>
    a.kind === b.kind &&
    (a.operation ?? null) === (b.operation ?? null) &&
    (a.kind !== "status" || b.kind !== "status" || a.status === b.status);
  return Object.keys(SCENARIOS).filter((name) =>
    pendingFaults.value.some((fault) => same((SCENARIOS[name] as Scenario).fault, fault)),
  );
}

/**
 * Arms the scenarios of a link, once, and removes them from the URL: a reload must not arm them again. Only in the emulator in
 * the page: a link must not change a server.
 */
export function followLinks(): void {
  effect(() => {
    const { path, query } = route.value;
    if (!query.has(PARAMETER)) return;
    const scenarios = scenariosOf(query);
    const { [PARAMETER]: _, ...kept } = Object.fromEntries(query);
    replace(to(path, kept));
    if (connection.peek().mode !== "emulator" || forgottenKey.peek() !== undefined) return;
    Promise.all(scenarios.map(arm)).catch(report);
  });
}
