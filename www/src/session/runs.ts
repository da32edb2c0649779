/** Executions that this page began, or took up again after a reload. */
import { signal } from "@preact/signals";
import type { Execution } from "browser-use-skills";
import type { Texts } from "../lib/parameters.js";
import { client, connection } from "./connection.js";
import { noteAsked } from "./recorder.js";

export interface Run {
  readonly id: number;
  readonly skillId: string;
  /** Whether it is a skill of one's own: only those have a list of executions. */
  readonly isOwn: boolean;
  /** Unknown of one that was taken up again: the journal holds no parameters. */
  readonly parameters: Record<string, unknown> | undefined;
  readonly sessionId: string | undefined;
  readonly isResumed: boolean;
  readonly startedAt: number;
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
  /** Whether a lost answer is looked for. */
  recover: boolean;
}

/** What was typed into the form of each skill, while the page is open. */
export const forms = new Map<string, Texts>();

/** Newest first. */
export const runs = signal<readonly Run[]>([]);

const controllers = new Map<number, AbortController>();
/** Of all runs that are taken up again from one connection. */
let resuming = new AbortController();
let count = 0;

export function start({ skillId, isOwn, parameters, sessionId, recover }: RunRequest): Run {
  const body = { parameters, sessionId };
  const run = begin({ skillId, isOwn, parameters, sessionId, isResumed: false, startedAt: Date.now() });
  const signal = controllers.get(run.id)?.signal;
  const operation = isOwn ? "skills.execute" : "marketplace.execute";
  const { skills, marketplace } = client.value;
  settle(
    run,
    noteAsked(operation, async () =>
      isOwn
        ? skills.execute(skillId, body, { signal, recover: recover && { deliver: shown } })
        : marketplace.execute(skillId, body, { signal }),
    ),
  );
  return run;
}

/** Ends the wait. An execution that has begun goes on, and is paid for. */
export function cancel(run: Run): void {
  controllers.get(run.id)?.abort();
}

/** Takes up what an earlier page did not see the end of. */
export async function resume(): Promise<void> {
  for (const resumed of await client.value.resume({ signal: resuming.signal })) {
    const past = { skillId: resumed.skillId, isOwn: true, parameters: undefined, sessionId: undefined };
    const run = begin({ ...past, isResumed: true, startedAt: resumed.sentAt.getTime() });
    const shown = untilCancelled(run, resumed.result).then(async (execution) => {
      // Not that of a run which was cancelled: it comes back with the next connection.
      await resumed.acknowledge();
      return execution;
    });
    settle(run, shown);
  }
}

/** The page shows what has ended: the journal need not keep it. */
function shown(): void {}

/** Resumed runs have one signal for all: one that is cancelled is not waited for, and stays in the journal. */
function untilCancelled(run: Run, result: Promise<Execution>): Promise<Execution> {
  const signal = controllers.get(run.id)?.signal;
  const cancelled = new Promise<never>((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  return Promise.race([result, cancelled]);
}

/** What ran elsewhere is not shown beside another server's skills. */
export function forgetRuns(): void {
  for (const controller of controllers.values()) controller.abort();
  resuming.abort();
  resuming = new AbortController();
  runs.value = [];
  forms.clear();
}

function begin(run: Omit<Run, "id" | "state">): Run {
  const made: Run = { ...run, id: ++count, state: "running" };
  controllers.set(made.id, new AbortController());
  runs.value = [made, ...runs.value];
  return made;
}

function settle(run: Run, result: Promise<Execution>): void {
  const signal = controllers.get(run.id)?.signal;
  const end = (outcome: Partial<Run>) => {
    controllers.delete(run.id);
    runs.value = runs.value.map((other) =>
      other.id === run.id ? { ...other, endedAt: Date.now(), ...outcome } : other,
    );
  };
  result.then(
    (execution) => end({ state: execution.success ? "done" : "failed", execution }),
    (error: unknown) => end(signal?.aborted ? { state: "cancelled" } : { state: "failed", error }),
  );
}

/** Resumes once for every connection that has a journal. */
export function resumeHere(report: (error: unknown) => void): void {
  const { signal } = resuming;
  if (connection.value.mode === "emulator") return;
  resume().catch((error: unknown) => {
    if (!signal.aborted) report(error);
  });
}
