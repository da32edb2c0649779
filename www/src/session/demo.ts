/** The live call of the first screen. Each one has a new emulator in memory, so that it changes nothing of the user's. */
import { signal } from "@preact/signals";
import { BrowserUse, type CallEvent } from "browser-use-skills";
import { createEmulator, type EmulatorFault } from "browser-use-skills/emulator";
import { duration } from "../lib/format.js";

export type DemoName = "throttled" | "broken";

export interface DemoStep {
  readonly name: string;
  readonly state: "pending" | "active" | "good" | "bad";
  readonly detail: string;
  /** End of a delay, from `performance.now()`. */
  readonly until?: number;
}

export interface DemoDay {
  readonly day: string;
  readonly sky: string;
  readonly high: number;
  readonly low: number;
}

export interface Demo {
  readonly name: DemoName;
  readonly state: "idle" | "running" | "done" | "failed";
  readonly steps: readonly DemoStep[];
  readonly days: readonly DemoDay[];
  readonly error?: unknown;
}

const EXECUTION_MS = 900;
export const DAYS = 3;

const FAULTS: Record<DemoName, EmulatorFault> = {
  throttled: {
    operation: "skills.execute",
    kind: "status",
    status: 429,
    retryAfter: "2",
    body: { detail: "Rate limit exceeded" },
  },
  broken: { operation: "skills.execute", kind: "drop", when: "after" },
};

const STEPS: Record<DemoName, ReadonlyArray<readonly [name: string, detail: string]>> = {
  throttled: [
    ["Execute the skill", "POST /skills/{id}/execute"],
    ["Wait", "As long as the server's Retry-After says"],
    ["Retry", "Only because the 429 proves that nothing ran"],
    ["Return the result", "skills.execute() resolves"],
  ],
  broken: [
    ["Execute the skill", "POST /skills/{id}/execute"],
    ["Find the execution", "GET /skills/{id}/executions"],
    ["Fetch its output", "GET …/executions/{id}/output"],
    ["Return the result", "skills.execute() resolves"],
  ],
};

function initial(name: DemoName, state: Demo["state"]): Demo {
  const steps = STEPS[name].map(([name, detail]) => ({ name, detail, state: "pending" as const }));
  return { name, state, steps, days: [] };
}

export const demo = signal<Demo>(initial("throttled", "idle"));

let controller = new AbortController();

/** Runs the call, and ends one that is running. */
export async function runDemo(name: DemoName, location: string): Promise<void> {
  controller.abort();
  controller = new AbortController();
  const { signal } = controller;
  demo.value = initial(name, "running");
  const show = (change: Partial<Demo>) => {
    if (!signal.aborted) demo.value = { ...demo.peek(), ...change };
  };
  const step = (index: number, change: Partial<DemoStep>) =>
    show({ steps: demo.peek().steps.map((old, at) => (at === index ? { ...old, ...change } : old)) });
  try {
    const emulator = createEmulator({ executionMs: EXECUTION_MS });
    const onEvent = name === "throttled" ? showRetry(step) : showRecovery(step);
    const client = new BrowserUse({ apiKey: "bu_demo", fetch: emulator.fetch, onEvent });
    const { id } = await client.marketplace.clone((await client.marketplace.get("weather-forecast")).id);
    await emulator.addFault(FAULTS[name]);
    const parameters = { location, count: DAYS };
    const execution = await client.skills.execute(id, { parameters }, { recover: true, signal });
    const { counts } = await emulator.requests();
    const { days } = execution.result as { days: DemoDay[] };
    const sent = counts["skills.execute"] ?? 0;
    const detail =
      name === "throttled"
        ? `${sent} requests, 1 execution paid for`
        : "recovered: true, 1 execution paid for";
    step(3, { state: "good", detail });
    show({ state: "done", days });
  } catch (error) {
    show({ state: "failed", error });
  }
}

type ShowStep = (index: number, change: Partial<DemoStep>) => void;

/** Shows a call that the server throttles once. */
function showRetry(step: ShowStep): (event: CallEvent) => void {
  return (event) => {
    if (event.operation !== "skills.execute") return;
    switch (event.type) {
      case "requestSent":
        if (event.attempt > 1) step(1, { state: "good", detail: "Waited as long as Retry-After says" });
        step(event.attempt > 1 ? 2 : 0, { state: "active", detail: "POST /skills/{id}/execute" });
        break;
      case "retryPlanned":
        step(0, { state: "bad", detail: `${event.status} Too Many Requests` });
        step(1, {
          state: "active",
          detail: `${duration(event.delay)}, from Retry-After`,
          until: performance.now() + event.delay,
        });
        break;
      case "responseReceived":
        if (event.status === 200) step(2, { state: "good", detail: `200 OK in ${duration(event.duration)}` });
    }
  };
}

/** Shows a call whose response is lost once. */
function showRecovery(step: ShowStep): (event: CallEvent) => void {
  let isLost = false;
  return ({ operation, type }) => {
    if (operation === "skills.execute" && type === "requestSent") step(0, { state: "active" });
    if (type === "recoveryStarted") {
      isLost = true;
      step(0, { state: "bad", detail: "Connection lost: the response never arrives" });
      step(1, { state: "active" });
    }
    if (!isLost || type !== "callSucceeded") return;
    if (operation === "skills.executions") {
      step(1, { state: "good", detail: "Found: it has ended, and is not started again" });
      step(2, { state: "active" });
    }
    if (operation === "skills.executionOutput") step(2, { state: "good", detail: "200 OK" });
  };
}
