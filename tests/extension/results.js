// @ts-check
/** Stores deliveries in IndexedDB. Keeps every delivery, so that a second one does not hide a wrong first one. */

/** @typedef {{ row: number, result: any, isRecovered: boolean }} Delivered */

const STORE = "deliveries";

/** @param {Delivered} delivered */
export const append = (delivered) => request("readwrite", (store) => store.add(delivered));

/** @returns {Promise<Delivered[]>} */
export const deliveries = () => request("readonly", (store) => store.getAll());

/**
 * @template Value
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<Value>} run
 */
async function request(mode, run) {
  const opening = indexedDB.open("results", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { autoIncrement: true });
  const database = await done(opening);
  try {
    return await done(run(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

/** @template Value @param {IDBRequest<Value>} request @returns {Promise<Value>} */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
