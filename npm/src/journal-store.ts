import { requestLock, resolved } from "engine";
import type { Journal } from "./recovery.js";

/** What the WebAssembly calls a journal: entries by id, which are plain objects. */
export interface JournalStore {
  /** Writes or replaces an entry; removes it if it is undefined. */
  write(id: string, entry: object | undefined): Promise<void>;
  /** All entries. */
  entries(): Promise<object[]>;
}

/** The entries of one base URL by id, as they are kept. */
interface Kept {
  version: 2;
  entries: Record<string, object>;
}

/** The key that version 1 kept an array of entries under, for all base URLs. */
const KEY = "browser-use-skills.executions";

/**
 * Keeps all entries of one base URL in one value of a journal. The entries of version 1 are read, and move when they
 * are written.
 * @internal
 */
export function journalStore(journal: Journal, baseUrl: string): JournalStore {
  const key = `${KEY}/${resolved(baseUrl)?.replace(/\/+$/, "") ?? baseUrl}`;

  const read = async (): Promise<Kept> => {
    const text = await journal.get(key);
    const kept = text ? (JSON.parse(text) as Partial<Kept>) : {};
    return { version: 2, entries: { ...(kept.entries as Kept["entries"]) } };
  };
  const readOld = async (): Promise<{ id: string }[]> => {
    const text = await journal.get(KEY);
    const old: unknown = text ? JSON.parse(text) : [];
    return Array.isArray(old) ? old.filter((entry) => typeof entry?.id === "string") : [];
  };
  const keep = (name: string, value: object, isEmpty: boolean) =>
    isEmpty ? journal.delete(name) : journal.set(name, JSON.stringify(value));

  const change = async (id: string, entry: object | undefined): Promise<void> => {
    const kept = await read();
    if (entry) kept.entries[id] = entry;
    else delete kept.entries[id];
    removeRecords(kept.entries);
    await keep(key, kept, Object.keys(kept.entries).length === 0);
    const old = await readOld();
    const others = old.filter((other) => other.id !== id);
    if (others.length < old.length) await keep(KEY, others, others.length === 0);
  };

  return {
    write: (id, entry) => exclusively(key, () => change(id, entry)),
    entries: () =>
      exclusively(key, async () => [...Object.values((await read()).entries), ...(await readOld())]),
  };
}

/** Removes what is known of skills that have no entry left. */
function removeRecords(entries: Record<string, object>): void {
  const skills = new Set(Object.values(entries).map((entry) => (entry as { skillId?: string }).skillId));
  for (const id of Object.keys(entries)) {
    if (id.startsWith("skill:") && !skills.has(id.slice("skill:".length))) delete entries[id];
  }
}

/** Reads and writes without another tab in between. */
async function exclusively<Value>(name: string, run: () => Promise<Value>): Promise<Value> {
  let running: Promise<Value> | undefined;
  await requestLock(name, {}, async () => {
    running = run();
    await running.catch(() => {});
  });
  return running as Promise<Value>;
}
