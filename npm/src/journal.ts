/**
 * Key-value storage for executions, which must outlive the page. An execution is stored before its request is sent and
 * removed when its result is acknowledged; a later page or worker resumes those that remain. `browser-use-skills/journal`
 * has ready-made journals.
 *
 * Entries contain ids, times and the `tag`, and never the key, parameters or results.
 */
export interface Journal {
  /** Returns the value of a key; null or undefined if there is none. */
  get(key: string): string | null | undefined | PromiseLike<string | null | undefined>;
  /** Stores a value. A returned promise is awaited before the request is sent. */
  set(key: string, value: string): unknown;
  /** Deletes a key. */
  delete(key: string): unknown;
}

/**
 * Returns a journal in Web Storage, which all tabs of the origin share. Not available in workers.
 *
 * @param storage - Default: `localStorage`. With `sessionStorage`, the journal is lost when the tab closes.
 */
export function storageJournal(storage: Storage = localStorage): Journal {
  return {
    get: (key) => storage.getItem(key),
    set: (key, value) => storage.setItem(key, value),
    delete: (key) => storage.removeItem(key),
  };
}

/** An area of `chrome.storage` or `browser.storage`. */
export interface StorageArea {
  /** Resolves to an object with the item of a key. */
  get(key: string): Promise<Record<string, unknown>>;
  /** Stores items. */
  set(items: Record<string, unknown>): Promise<void>;
  /** Deletes an item. */
  remove(key: string): Promise<void>;
}

/**
 * Returns a journal in the storage of a browser extension. It survives restarts of the service worker and the browser.
 *
 * @param area - Default: `chrome.storage.local`. `chrome.storage.session` is cleared when the browser restarts.
 * @throws `TypeError` The storage is not available: add the permission `"storage"` to the manifest.
 */
export function extensionJournal(area: StorageArea | undefined = localArea()): Journal {
  if (!area)
    throw new TypeError('there is no chrome.storage.local: the manifest needs the permission "storage"');
  return {
    get: async (key) => (await area.get(key))[key] as string | undefined,
    set: (key, value) => area.set({ [key]: value }),
    delete: (key) => area.remove(key),
  };
}

/** Returns the extension's `storage.local`, from `browser` or `chrome`. */
function localArea(): StorageArea | undefined {
  interface Extension {
    storage?: { local?: StorageArea };
  }
  const { browser, chrome } = globalThis as { browser?: Extension; chrome?: Extension };
  return browser?.storage?.local ?? chrome?.storage?.local;
}

/**
 * Returns a journal in IndexedDB, which all pages and workers of the origin share.
 *
 * @param name - Name of the database. Default: `"browser-use-skills"`.
 */
export function indexedDbJournal(name = "browser-use-skills"): Journal {
  const STORE = "journal";
  const run = async <Value>(
    mode: IDBTransactionMode,
    request: (store: IDBObjectStore) => IDBRequest<Value>,
  ): Promise<Value> => {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    const database = await toPromise(opening);
    try {
      return await toPromise(request(database.transaction(STORE, mode).objectStore(STORE)));
    } finally {
      database.close();
    }
  };
  return {
    get: (key) => run<string | undefined>("readonly", (store) => store.get(key)),
    set: (key, value) => run("readwrite", (store) => store.put(value, key)),
    delete: (key) => run("readwrite", (store) => store.delete(key)),
  };
}

function toPromise<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
