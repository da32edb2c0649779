/** Says in words what the events of a call mean for its run. */
import type { CallEvent } from "browser-use-skills";
import { count, duration } from "./format.js";

/** An event and when it arrived, in milliseconds since the epoch. */
export interface Step {
  readonly event: CallEvent;
  readonly at: number;
}

export interface Now {
  /** One word for the state of the run. */
  state: "Running" | "Queued" | "Retrying" | "Recovering";
  text: string;
  /** When the state ends, if that is known. */
  until?: number;
}

/** Returns what a running call does now. */
export function nowOf(steps: readonly Step[], maxRetries: number): Now {
  const last = steps.at(-1);
  switch (last?.event.type) {
    case "waitingForSlot": {
      const { running, waiting } = last.event;
      const others = waiting > 1 ? `, ${count(waiting, "run")} waiting` : "";
      return { state: "Queued", text: `Queued: ${running} of ${count(running, "slot")} busy${others}` };
    }
    case "retryPlanned": {
      const { attempt, delay } = last.event;
      const next = `attempt ${attempt + 1} of ${maxRetries + 1}`;
      return {
        state: "Retrying",
        text: `${causeOf(last.event)}, retrying (${next})`,
        until: last.at + delay,
      };
    }
    case "recoveryStarted":
      return { state: "Recovering", text: "Response lost, finding the execution" };
    case "requestSent":
      return { state: "Running", text: "Sent, waiting for the result" };
    default:
      return { state: "Running", text: "Preparing the request" };
  }
}

/** Returns what delayed a run, in the order of the events. */
export function delaysOf(steps: readonly Step[], endedAt: number): string[] {
  const lines: string[] = [];
  steps.forEach(({ event, at }, index) => {
    const next = steps[index + 1]?.at ?? endedAt;
    const isRepeated = steps[index - 1]?.event.type === event.type;
    if (event.type === "waitingForSlot" && !isRepeated) {
      const start = steps.slice(index).find((step) => step.event.type !== "waitingForSlot")?.at ?? endedAt;
      if (start > at) lines.push(`Queued for ${duration(start - at)}`);
    }
    if (event.type === "retryPlanned") lines.push(`${causeOf(event)}, retried after ${duration(next - at)}`);
    if (event.type === "recoveryStarted") lines.push(`Response lost, searched for ${duration(endedAt - at)}`);
  });
  return lines;
}

function causeOf({ status, code }: { status: number | undefined; code: string }): string {
  return String(status ?? code);
}
