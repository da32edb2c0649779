import type { Journal } from "./recovery.js";

export type { Journal } from "./recovery.js";

/**
 * A journal in a page's storage, which all tabs of the origin share and workers do not have.
 *
 * @param storage - Default: `localStorage`. With `sessionStorage` it survives a reload, but not the tab.
 */
export function storageJournal(storage: Storage = localStorage): Journal {
  return {
    get: (key) => storage.getItem(key),
    set: (key, value) => storage.setItem(key, value),
    delete: (key) => storage.removeItem(key),
  };
}

/** What an area of `chrome.storage` or `browser.storage` can do. */
export interface StorageArea {
  /** The item of a key, in an object. */
  get(key: string): Promise<Record<string, unknown>>;
  /** Keeps items. */
  set(items: Record<string, unknown>): Promise<void>;
  /** Forgets an item. */
  remove(key: string): Promise<void>;
}

/**
 * A journal in the storage of a browser extension: survives the death of its service worker, and of the browser.
 *
 * @param area - Default: `chrome.storage.local`. `chrome.storage.session` forgets everything when the browser restarts.
 * @throws `TypeError` There is no such storage: the manifest needs the permission `"storage"`.
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

/** `storage.local` of an extension, under whichever name the browser has it. */
function localArea(): StorageArea | undefined {
  interface Extension {
    storage?: { local?: StorageArea };
  }
  const { browser, chrome } = globalThis as { browser?: Extension; chrome?: Extension };
  return browser?.storage?.local ?? chrome?.storage?.local;
}

/**
 * A journal in IndexedDB, which pages and workers of an origin share.
 *
 * @param name - The name of the database. Default: `"browser-use-skills"`.
 */
export function indexedDbJournal(name = "browser-use-skills"): Journal {
  const STORE = "journal";
  const ask = async <Value>(
    mode: IDBTransactionMode,
    request: (store: IDBObjectStore) => IDBRequest<Value>,
  ): Promise<Value> => {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    const database = await done(opening);
    try {
      return await done(request(database.transaction(STORE, mode).objectStore(STORE)));
    } finally {
      database.close();
    }
  };
  return {
    get: (key) => ask<string | undefined>("readonly", (store) => store.get(key)),
    set: (key, value) => ask("readwrite", (store) => store.put(value, key)),
    delete: (key) => ask("readwrite", (store) => store.delete(key)),
  };
}

function done<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
