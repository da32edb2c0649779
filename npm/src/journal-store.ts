import { requestLock } from "transport/lock.js";
import { resolved } from "transport/url.js";
import type { Journal } from "./journal.js";

/** The journal as the WebAssembly uses it: entries by id, which are plain objects. */
export interface JournalStore {
  /** Writes or replaces an entry. Removes it if `entry` is undefined. */
  write(id: string, entry: object | undefined): Promise<void>;
  /** Returns all entries. */
  entries(): Promise<object[]>;
}

/** The stored value: all entries of one base URL, by id. */
interface StoredEntries {
  version: 2;
  entries: Record<string, object>;
}

/** Prefix of the keys. Version 1 stored an array of the entries of all base URLs under this key. */
const KEY = "browser-use-skills.executions";

/**
 * Stores all entries of one base URL in one value of a journal. Reads the entries of version 1 too, and migrates an entry
 * when it is written.
 * @internal
 */
export function journalStore(journal: Journal, baseUrl: string): JournalStore {
  const key = `${KEY}/${resolved(baseUrl)?.replace(/\/+$/, "") ?? baseUrl}`;

  const read = async (): Promise<StoredEntries> => {
    const text = await journal.get(key);
    const stored = text ? (JSON.parse(text) as Partial<StoredEntries>) : {};
    return { version: 2, entries: { ...(stored.entries as StoredEntries["entries"]) } };
  };
  const readVersion1 = async (): Promise<{ id: string }[]> => {
    const text = await journal.get(KEY);
    const old: unknown = text ? JSON.parse(text) : [];
    return Array.isArray(old) ? old.filter((entry) => typeof entry?.id === "string") : [];
  };
  const save = (name: string, value: object, isEmpty: boolean) =>
    isEmpty ? journal.delete(name) : journal.set(name, JSON.stringify(value));

  const update = async (id: string, entry: object | undefined): Promise<void> => {
    const stored = await read();
    if (entry) stored.entries[id] = entry;
    else delete stored.entries[id];
    removeUnusedRecords(stored.entries);
    await save(key, stored, Object.keys(stored.entries).length === 0);
    const old = await readVersion1();
    const others = old.filter((other) => other.id !== id);
    if (others.length < old.length) await save(KEY, others, others.length === 0);
  };

  return {
    write: (id, entry) => withLock(key, () => update(id, entry)),
    entries: () =>
      withLock(key, async () => [...Object.values((await read()).entries), ...(await readVersion1())]),
  };
}

/**
 * How long the record of a skill is kept after its last run, in milliseconds: other tabs may receive lists that show these
 * executions late, and would take them for their own.
 */
const RECORD_RETENTION_MS = 600_000;

/** Removes the `skill:` records that no run has needed for some time. */
function removeUnusedRecords(entries: Record<string, object>): void {
  const values = Object.values(entries) as { skillId?: string }[];
  const used = new Set(values.map(({ skillId }) => `skill:${skillId}`));
  for (const [id, record] of Object.entries(entries)) {
    if (!id.startsWith("skill:") || used.has(id)) continue;
    const { unusedSince = Date.now() } = record as { unusedSince?: number };
    if (Date.now() - unusedSince > RECORD_RETENTION_MS) delete entries[id];
    else entries[id] = { ...record, unusedSince };
  }
}

/** Runs a function while holding a lock shared by all tabs of the origin. */
async function withLock<Value>(name: string, run: () => Promise<Value>): Promise<Value> {
  let running: Promise<Value> | undefined;
  await requestLock(name, {}, async () => {
    running = run();
    await running.catch(() => {});
  });
  return running as Promise<Value>;
}
