/**
 * The emulator in the page. Its state survives a reload, in IndexedDB. One tab of the origin stores it, the one that holds
 * the lock; every other tab works with a copy, and says so.
 */
import { signal } from "@preact/signals";
import type { FetchLike, Journal } from "browser-use-skills";
import { createEmulator, type EmulatorSnapshot } from "browser-use-skills/emulator";
import { storageJournal } from "browser-use-skills/journal";
import { read, write } from "../lib/database.js";

export const emulator = createEmulator({ generationMs: 6_000, executionMs: 900 });

export type Problem =
  | { readonly is: "copy" }
  | { readonly is: "unreadable"; readonly error: unknown; readonly stored: unknown }
  | { readonly is: "unstored"; readonly error: unknown };

/** Why the state, or a part of it, does not survive; undefined if it does. */
export const problem = signal<Problem | undefined>(undefined);

const LOCK = "playground.emulator";
const SNAPSHOT = "emulator";
/** How long a reloaded page waits for its predecessor to release the lock, in milliseconds. */
const LOCK_WAIT_MS = 1_000;
/** How long after the start of a request the state is stored, in milliseconds. */
const SAVE_DELAY_MS = 200;

let locking: Promise<boolean> | undefined;
let starting: Promise<void> | undefined;
let isStored = false;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Restores the stored state, once. */
export function ready(): Promise<void> {
  starting ??= start().catch((error: unknown) => {
    // The next request retries.
    starting = undefined;
    throw error;
  });
  return starting;
}

async function start(): Promise<void> {
  // First loads the WebAssembly: if that fails, the stored state is not at fault.
  const initial = await emulator.snapshot();
  locking ??= lock();
  isStored = await locking;
  if (!isStored) problem.value = { is: "copy" };
  const stored = await read(SNAPSHOT).catch((error: unknown) => {
    problem.value = { is: "unstored", error };
  });
  const isRestored = stored !== undefined && (await restore(stored));
  if (isRestored && isStored) return;
  if (isStored) forgetJournal();
  await emulator.restore({ ...(isRestored ? await emulator.snapshot() : initial), ids: randomIds() });
}

async function restore(stored: unknown): Promise<boolean> {
  try {
    await emulator.restore(stored as EmulatorSnapshot);
    return true;
  } catch (error) {
    problem.value = { is: "unreadable", error, stored };
    return false;
  }
}

/** Resolves to whether this tab holds the lock, until it is closed. Without Web Locks, the last tab that stores wins. */
function lock(): Promise<boolean> {
  const { locks } = navigator;
  if (!locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    const hold = () => {
      resolve(true);
      return new Promise<never>(() => {});
    };
    locks.request(LOCK, { signal: AbortSignal.timeout(LOCK_WAIT_MS) }, hold).catch(() => resolve(false));
  });
}

/** Returns a new state of the generator of ids: an id must never name a second skill, not even after a reset. */
export function randomIds(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The `fetch` of the emulator in the page. A change is stored before its response is returned: what was seen survives. */
export const emulatorFetch: FetchLike = async (url, init) => {
  await ready();
  if (init.method === "GET") return emulator.fetch(url, init);
  // The response of an execution comes when it has ended.
  timer ??= setTimeout(save, SAVE_DELAY_MS);
  try {
    return await emulator.fetch(url, init);
  } finally {
    await save();
  }
};

async function save(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  if (!isStored) return;
  try {
    await write(SNAPSHOT, await emulator.snapshot());
    if (problem.value?.is === "unstored") problem.value = undefined;
  } catch (error) {
    problem.value = { is: "unstored", error };
  }
}

function saveNow(): void {
  if (timer !== undefined) void save();
}

addEventListener("pagehide", saveNow);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") saveNow();
});

const PREFIX = "emulator in the page ";
const copied = new Map<string, string>();

/** The journal of the runs in the emulator. That of a copy is not stored: the other tab would resume its runs. */
export const emulatorJournal: Journal = {
  get: async (key) => {
    await ready();
    return isStored ? storageJournal().get(PREFIX + key) : copied.get(key);
  },
  set: (key, value) => {
    if (isStored) storageJournal().set(PREFIX + key, value);
    else copied.set(key, value);
  },
  delete: (key) => {
    if (isStored) storageJournal().delete(PREFIX + key);
    else copied.delete(key);
  },
};

/** Forgets the runs of a state that no longer exists. */
export function forgetJournal(): void {
  copied.clear();
  if (!isStored) return;
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
}
