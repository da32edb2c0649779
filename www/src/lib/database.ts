/** One store of IndexedDB, for values that are too large for web storage. */

const STORE = "values";
let opened: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open("playground", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function within(
  mode: IDBTransactionMode,
  use: (store: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
  const transaction = (await open()).transaction(STORE, mode);
  const request = use(transaction.objectStore(STORE));
  // While the page is closing, nothing else would commit it.
  transaction.commit?.();
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

/** Resolves to undefined if there is no value. */
export function read(name: string): Promise<unknown> {
  return within("readonly", (store) => store.get(name));
}

export async function write(name: string, value: unknown): Promise<void> {
  await within("readwrite", (store) => store.put(value, name));
}
