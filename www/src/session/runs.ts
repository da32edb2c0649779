/** Executions that this page started, or resumed after a reload. */
import { signal } from "@preact/signals";
import type { CallEvent, Execution } from "browser-use-skills";
import type { Texts } from "../lib/parameters.js";
import type { Step } from "../lib/story.js";
import { client, connection, forgottenKey } from "./connection.js";
import { ready } from "./emulator.js";

export interface Run {
  readonly id: number;
  readonly skillId: string;
  /** Whether the skill belongs to the project: only these have a list of executions. */
  readonly isOwn: boolean;
  /** Undefined for a resumed run: the journal does not store parameters. */
  readonly parameters: Record<string, unknown> | undefined;
  readonly sessionId: string | undefined;
  readonly isResumed: boolean;
  readonly startedAt: number;
  /** The events of its call. */
  readonly steps: readonly Step[];
  readonly endedAt?: number;
  readonly state: "running" | "done" | "failed" | "cancelled";
  readonly execution?: Execution;
  readonly error?: unknown;
}

export interface RunRequest {
  skillId: string;
  isOwn: boolean;
  parameters: Record<string, unknown>;
  sessionId?: string | undefined;
  /** Whether to recover a lost response. */
  recover: boolean;
}

/** The form texts of each skill, until the page is closed. */
export const forms = new Map<string, Texts>();

/** Newest first. */
export const runs = signal<readonly Run[]>([]);

const controllers = new Map<number, AbortController>();
/** Aborts all resumed runs of the current connection. */
let resuming = new AbortController();
let count = 0;

export function start({ skillId, isOwn, parameters, sessionId, recover }: RunRequest): Run {
  const body = { parameters, sessionId };
  const run = begin({ skillId, isOwn, parameters, sessionId, isResumed: false, startedAt: Date.now() });
  const signal = controllers.get(run.id)?.signal;
  const onEvent = (event: CallEvent) => {
    update(run.id, ({ steps }) => ({ steps: [...steps, { event, at: Date.now() }] }));
  };
  const { skills, marketplace } = client.value;
  track(
    run,
    isOwn
      ? skills.execute(skillId, body, { signal, onEvent, recover: recover && { deliver: acknowledge } })
      : marketplace.execute(skillId, body, { signal, onEvent }),
  );
  return run;
}

/** Ends the wait. A started execution continues and costs credits. */
export function cancel(run: Run): void {
  controllers.get(run.id)?.abort();
}

/** The results of resumed runs that are not settled. */
const unsettled = new Set<Promise<void>>();

/** Resumes the unfinished executions of an earlier page. */
export async function resume(): Promise<void> {
  // Runs of the previous connection are aborted, but their entries are locked until they have settled.
  await Promise.all(unsettled);
  for (const resumed of await client.value.resume({ signal: resuming.signal })) {
    const settled = resumed.result.then(
      () => void unsettled.delete(settled),
      () => void unsettled.delete(settled),
    );
    unsettled.add(settled);
    const past = { skillId: resumed.skillId, isOwn: true, parameters: undefined, sessionId: undefined };
    const run = begin({ ...past, isResumed: true, startedAt: resumed.sentAt.getTime() });
    const acknowledged = untilCancelled(run, resumed.result).then(async (execution) => {
      // Not reached if the run was cancelled: the next connection resumes it.
      await resumed.acknowledge();
      return execution;
    });
    track(run, acknowledged);
  }
}

/** Removes the journal entry of a finished run, which the page shows. */
function acknowledge(): void {}

/** Rejects when the run is cancelled. Resumed runs share one signal; a cancelled one stays in the journal. */
function untilCancelled(run: Run, result: Promise<Execution>): Promise<Execution> {
  const signal = controllers.get(run.id)?.signal;
  const cancelled = new Promise<never>((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  return Promise.race([result, cancelled]);
}

/** Removes all runs, when the connection changes. */
export function forgetRuns(): void {
  for (const controller of controllers.values()) controller.abort();
  resuming.abort();
  resuming = new AbortController();
  runs.value = [];
  forms.clear();
}

function begin(run: Omit<Run, "id" | "state" | "steps">): Run {
  const added: Run = { ...run, id: ++count, state: "running", steps: [] };
  controllers.set(added.id, new AbortController());
  runs.value = [added, ...runs.value];
  return added;
}

function update(id: number, change: (run: Run) => Partial<Run>): void {
  runs.value = runs.value.map((run) => (run.id === id ? { ...run, ...change(run) } : run));
}

/** Updates the run when its result arrives. */
function track(run: Run, result: Promise<Execution>): void {
  const signal = controllers.get(run.id)?.signal;
  const finish = (outcome: Partial<Run>) => {
    controllers.delete(run.id);
    update(run.id, () => ({ endedAt: Date.now(), ...outcome }));
  };
  result.then(
    (execution) => finish({ state: execution.success ? "done" : "failed", execution }),
    (error: unknown) => finish(signal?.aborted ? { state: "cancelled" } : { state: "failed", error }),
  );
}

/** Resumes the executions of the current connection, once its state is restored. */
export function resumeConnection(report: (error: unknown) => void): void {
  const { signal } = resuming;
  if (forgottenKey.value !== undefined) return;
  const restored = connection.value.mode === "emulator" ? ready() : Promise.resolve();
  restored.then(resume).catch((error: unknown) => {
    if (!signal.aborted) report(error);
  });
}
