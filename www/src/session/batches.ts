/** The batches of this browser: one per skill of a connection. Definitions and results survive a reload, in IndexedDB. */
import { effect, signal } from "@preact/signals";
import type { ParameterSchema, SkillResponse } from "browser-use-skills";
import {
  type Batch,
  type BatchProgress,
  type BatchResult,
  batch,
  indexedDbStore,
} from "browser-use-skills/batch";
import { read, write } from "../lib/database.js";
import { isSecret, type ReadParameters, readParameters, textOf } from "../lib/parameters.js";
import type { Row } from "../lib/read-rows.js";
import { client, connection } from "./connection.js";
import { addSecret } from "./redact.js";

/** Columns by parameter. */
export type Mapping = Readonly<Record<string, string>>;

export interface BatchSettings {
  readonly concurrency: number;
  /** Maximum number of executions; null for no limit. */
  readonly budget: number | null;
  readonly retryFailed: number;
}

export interface Definition extends BatchSettings {
  /** Names the batch in the store: another id would pay for every row again. */
  readonly id: string;
  readonly rows: readonly Row[];
  readonly columns: readonly string[];
  readonly mapping: Mapping;
  /** Whether all rows have ended. */
  readonly isEnded: boolean;
}

export interface BatchState {
  readonly definition: Definition;
  readonly isRunning: boolean;
  /** In order of the rows. */
  readonly results: readonly BatchResult<Row>[];
  readonly progress: BatchProgress | undefined;
  readonly error: unknown;
}

/** How often the results are shown, in milliseconds: a table of thousands is not rendered per row. */
const SHOW_MS = 200;

const store = indexedDbStore("playground.batches");

/** By the name in storage. */
export const batches = signal<ReadonlyMap<string, BatchState>>(new Map());
const running = new Map<string, Batch<Row>>();

// A batch belongs to one connection. Its open rows stay in the journal.
effect(() => {
  connection.value;
  for (const run of running.values()) void run.cancel();
});

/** Name of a skill's batch in storage. Servers do not know each other's skills. */
export function nameOf(skillId: string): string {
  const live = connection.value;
  return `batch ${live.mode === "emulator" ? live.mode : live.baseUrl} ${skillId}`;
}

/** Loads the batch of an earlier page. Fetches the results if it has ended, which costs nothing. */
export async function loadBatch(skill: SkillResponse): Promise<void> {
  const name = nameOf(skill.id);
  const definition = batches.peek().has(name) ? undefined : ((await read(name)) as Definition | undefined);
  if (!definition || batches.peek().has(name)) return;
  set(name, { definition, isRunning: false, results: [], progress: undefined, error: undefined });
  if (definition.isEnded) await run(skill, name);
}

export async function startBatch(
  skill: SkillResponse,
  chosen: Omit<Definition, "id" | "isEnded">,
): Promise<void> {
  const name = nameOf(skill.id);
  const definition = { ...chosen, id: crypto.randomUUID(), isEnded: false };
  await write(name, definition);
  set(name, { definition, isRunning: false, results: [], progress: undefined, error: undefined });
  void run(skill, name);
}

/** Continues a paused or stopped batch with these settings. */
export async function continueBatch(skill: SkillResponse, settings: BatchSettings): Promise<void> {
  const name = nameOf(skill.id);
  const state = batches.peek().get(name);
  if (!state) return;
  const live = running.get(name);
  if (live) return live.continue();
  const definition = { ...state.definition, ...settings };
  await write(name, definition);
  set(name, { ...state, definition });
  void run(skill, name);
}

export function pauseBatch(skillId: string): void {
  running.get(nameOf(skillId))?.pause();
}

export async function cancelBatch(skillId: string): Promise<void> {
  await running.get(nameOf(skillId))?.cancel();
}

/** Removes the definition, so that another batch can be started. */
export async function removeBatch(skillId: string): Promise<void> {
  const name = nameOf(skillId);
  await cancelBatch(skillId);
  await write(name, undefined);
  const left = new Map(batches.peek());
  left.delete(name);
  batches.value = left;
}

/** Returns the parameters of a row, and what is wrong with them. */
export function readRow(schema: readonly ParameterSchema[], mapping: Mapping, row: Row): ReadParameters {
  const texts = schema.map(({ name }) => {
    const column = mapping[name];
    return [name, column && Object.hasOwn(row, column) ? textOf(row[column]) : ""] as const;
  });
  return readParameters(schema, Object.fromEntries(texts));
}

async function run(skill: SkillResponse, name: string): Promise<void> {
  const state = batches.peek().get(name);
  if (!state || running.has(name)) return;
  const { id, rows, mapping, concurrency, budget, retryFailed } = state.definition;
  hideSecrets(skill.parameters, state.definition);
  const results: BatchResult<Row>[] = [];
  let progress: BatchProgress | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const show = (change: Partial<BatchState> = {}) => {
    clearTimeout(timer);
    timer = undefined;
    const current = batches.peek().get(name);
    const inOrder = results.toSorted((one, other) => one.index - other.index);
    if (current) set(name, { ...current, results: inOrder, progress, ...change });
  };
  const showSoon = () => {
    timer ??= setTimeout(show, SHOW_MS);
  };
  const live = batch(client.peek().skill(skill), rows, {
    id,
    store,
    concurrency,
    retryFailed,
    budget: budget === null ? {} : { executions: budget },
    validate: "all",
    parameters: (row) => readRow(skill.parameters, mapping, row).parameters,
    onProgress: (now) => {
      progress = now;
      showSoon();
    },
  }) as Batch<Row>;
  running.set(name, live);
  set(name, { ...state, isRunning: true, error: undefined });
  let error: unknown;
  try {
    for await (const result of live) {
      results.push(result);
      showSoon();
    }
  } catch (thrown) {
    error = thrown;
  }
  running.delete(name);
  progress = live.progress;
  const isEnded = results.length === rows.length;
  const current = batches.peek().get(name)?.definition ?? state.definition;
  show({ isRunning: false, error, definition: { ...current, isEnded } });
  if (isEnded && !current.isEnded && batches.peek().has(name))
    await write(name, { ...current, isEnded }).catch(() => {
      // The next page offers to continue, which returns the stored results.
    });
}

/** The recorded requests do not show cookies. */
function hideSecrets(schema: readonly ParameterSchema[], { rows, mapping }: Definition): void {
  const columns = schema.filter(isSecret).flatMap(({ name }) => mapping[name] ?? []);
  for (const column of columns) for (const row of rows) addSecret(textOf(row[column]));
}

function set(name: string, state: BatchState): void {
  batches.value = new Map(batches.peek()).set(name, state);
}
