/** Whether the server responds and accepts the key, from the outcomes of the calls. */
import { signal } from "@preact/signals";
import type { CallEvent } from "browser-use-skills";

export type Health = "unknown" | "online" | "unreachable" | "rejected";

export const health = signal<Health>("unknown");

/** Operations that need no key: their success does not prove that the key is accepted. */
const OPEN: readonly string[] = ["marketplace.list", "marketplace.get"];
/** Long operations: their timeout does not prove that the server is unreachable. */
const LONG: readonly string[] = ["skills.execute", "marketplace.execute"];

/** Updates the health by an event of a call. */
export function observe(event: CallEvent): void {
  if (!("code" in event) && event.type !== "callSucceeded") return;
  const code = "code" in event ? event.code : undefined;
  if (code === "authentication") health.value = "rejected";
  else if (code === "network" || (code === "timeout" && !LONG.includes(event.operation)))
    health.value = "unreachable";
  else if ("status" in event && event.status !== undefined) responded(event.operation);
}

function responded(operation: string): void {
  if (health.peek() !== "rejected" || !OPEN.includes(operation)) health.value = "online";
}
