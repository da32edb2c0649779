// The folder with the state of a batch beside its results: finished rows, the journal of open runs, and a lock.
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { lock } from "proper-lockfile";
import type { Journal } from "../journal.js";
import { FileStore } from "./file-store.js";

/** The state of a batch, open in this process only. */
export interface BatchFolder {
  store: FileStore;
  journal: Journal;
  close(): Promise<void>;
}

/** Time without a sign of life after which the lock of a killed process is ignored, in milliseconds. */
const STALE_MS = 5_000;

/** Opens or creates the folder. @throws `Error` Another process uses it, or a file in it is damaged. */
export async function openBatchFolder(path: string): Promise<BatchFolder> {
  await mkdir(path, { recursive: true });
  const lockOptions = { stale: STALE_MS, retries: { retries: 4, minTimeout: STALE_MS / 2, factor: 1 } };
  const release = await lock(path, lockOptions).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ELOCKED" ? new Error(`Another process is running the batch in ${path}.`) : error;
  });
  const store = await FileStore.open(join(path, "rows.ndjson"));
  return {
    store,
    journal: fileJournal(join(path, "journal.json")),
    async close() {
      await store.close();
      await release();
    },
  };
}

/** A journal with one key. Each write replaces the file, so that a crash leaves the old or the new one. */
function fileJournal(path: string): Journal {
  const read = async (): Promise<Record<string, string>> => {
    const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "{}";
      throw error;
    });
    return JSON.parse(text);
  };
  const write = async (values: Record<string, string>) => {
    const next = `${path}.next`;
    const file = await open(next, "w");
    try {
      await file.writeFile(JSON.stringify(values));
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(next, path);
  };
  return {
    get: async (key) => (await read())[key],
    set: async (key, value) => write({ ...(await read()), [key]: value }),
    delete: async (key) => {
      const { [key]: _, ...others } = await read();
      if (Object.keys(others).length > 0) await write(others);
      else await rm(path, { force: true });
    },
  };
}
