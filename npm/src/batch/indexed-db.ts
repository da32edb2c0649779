import type { BatchEntry, BatchStore } from "./store.js";

const ENTRIES = "entries";

/**
 * Returns a store in IndexedDB, which all pages and workers of the origin share.
 *
 * @param name - Name of the database. Default: `"browser-use-skills.batches"`.
 */
export function indexedDbStore(name = "browser-use-skills.batches"): BatchStore {
  let opening: Promise<IDBDatabase> | undefined;
  const open = () => {
    opening ??= openDatabase(name, () => {
      opening = undefined;
    });
    return opening;
  };
  return {
    async read(batch, from, to) {
      const entries = (await open()).transaction(ENTRIES).objectStore(ENTRIES);
      const range = IDBKeyRange.bound([batch, from], [batch, to], false, true);
      const [keys, values] = await Promise.all([
        toPromise(entries.getAllKeys(range)),
        toPromise<object[]>(entries.getAll(range)),
      ]);
      // The keys are those that `write` has given.
      const indexes = keys.map((key) => (key as [string, number])[1]);
      return indexes.map((index, position): BatchEntry => ({ index, value: values[position] ?? {} }));
    },
    async write(batch, written) {
      const transaction = (await open()).transaction(ENTRIES, "readwrite");
      const entries = transaction.objectStore(ENTRIES);
      for (const { index, value } of written) entries.put(value, [batch, index]);
      await completed(transaction);
    },
  };
}

/** @param onClose - Called if the connection ends: the browser deletes the database, or another version is opened. */
function openDatabase(name: string, onClose: () => void): Promise<IDBDatabase> {
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(ENTRIES);
  const database = toPromise(opening);
  database.then((database) => {
    database.onclose = onClose;
    database.onversionchange = () => {
      onClose();
      database.close();
    };
  }, onClose);
  return database;
}

function toPromise<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}
