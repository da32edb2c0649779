/** The connection of the page. A key is kept in memory only, and never in storage or a URL. */
import { computed, effect, signal } from "@preact/signals";
import { BrowserUse, type BrowserUseOptions, type FetchLike, type Journal } from "browser-use-skills";
import { storageJournal } from "browser-use-skills/journal";
import { remembered } from "../lib/remember.js";
import { emulatorFetch, emulatorJournal } from "./emulator.js";
import { observe } from "./health.js";
import { record } from "./recorder.js";
import { addSecret } from "./redact.js";

export type Connection =
  | { readonly mode: "emulator" }
  | { readonly mode: "server"; readonly baseUrl: string }
  | { readonly mode: "proxy"; readonly baseUrl: string }
  | { readonly mode: "key"; readonly baseUrl: string; readonly apiKey: string };

export type Mode = Connection["mode"];

export const MODES: Record<Mode, { name: string; badge: string; explanation: string }> = {
  emulator: {
    name: "Emulator in this page",
    badge: "Emulator",
    explanation: "Runs in the page, without costs. This browser stores its skills, runs and balance.",
  },
  server: {
    name: "Emulator over HTTP",
    badge: "Emulator over HTTP",
    explanation: "Started on this machine by npm start or npm run emulator. Sends real requests.",
  },
  proxy: {
    name: "Your own proxy",
    badge: "Own proxy",
    explanation: "Your server adds the key. The page sends none.",
  },
  key: {
    name: "Your own key",
    badge: "Live: your key",
    explanation: "Connects directly to the cloud. Creating and running skills costs credits.",
  },
};

/** The emulators accept any non-empty key. */
const EMULATOR_KEY = "bu_emulator";

/** Client options that the user can change. */
export interface ClientSettings {
  maxConcurrent: number | null;
  maxRetries: number;
  timeoutSeconds: number | null;
}

export const clientSettings = remembered<ClientSettings>(
  "client",
  { maxConcurrent: null, maxRetries: 2, timeoutSeconds: null },
  () => localStorage,
);

/** The stored connection, without its key. */
const stored = remembered<Exclude<Connection, { mode: "key" }> | { mode: "key"; baseUrl: string }>(
  "connection",
  { mode: "emulator" },
  () => sessionStorage,
);

/** Base URL of the connection whose key a reload has deleted, until the user connects again. */
export const forgottenKey = signal(stored.value.mode === "key" ? stored.value.baseUrl : undefined);

/** Not in use while a key is forgotten. */
export const connection = signal<Connection>(
  stored.value.mode === "key" ? { mode: "emulator" } : stored.value,
);

effect(() => {
  const { value } = connection;
  if (forgottenKey.value !== undefined) return;
  stored.value = value.mode === "key" ? { mode: "key", baseUrl: value.baseUrl } : value;
});

/** The unrecorded `fetch` of the connection. Also downloads outputs, which need no key. */
export const plainFetch = computed<FetchLike>(() => fetchOf(connection.value));

function fetchOf({ mode }: Connection): FetchLike {
  return mode === "emulator" ? emulatorFetch : (url, init) => fetch(url, init);
}

export const client = computed(() => {
  const { maxConcurrent, maxRetries, timeoutSeconds } = clientSettings.value;
  const live = connection.value;
  const recorded = record(plainFetch.value);
  return new BrowserUse({
    ...credentials(live),
    ...recorded,
    onEvent: (event) => {
      recorded.onEvent?.(event);
      if (live === connection.peek()) observe(event);
    },
    maxRetries,
    maxConcurrent: maxConcurrent ?? undefined,
    timeout: timeoutSeconds === null ? undefined : timeoutSeconds * 1000,
    // main.tsx loads it.
    preload: false,
  });
});

/** How long a test of a connection waits for the response, in milliseconds. */
const TEST_TIMEOUT_MS = 10_000;

/** Rejects unless the server responds as the API and accepts the key. Costs nothing, and is not recorded. */
export async function testConnection(live: Connection, signal: AbortSignal): Promise<void> {
  const { journal: _, ...options } = credentials(live);
  const tested = new BrowserUse({
    ...options,
    fetch: fetchOf(live),
    maxRetries: 0,
    timeout: TEST_TIMEOUT_MS,
  });
  await tested.skills.list({ pageSize: 1 }, { signal });
}

function credentials(live: Connection): BrowserUseOptions {
  switch (live.mode) {
    case "emulator":
      return { apiKey: EMULATOR_KEY, journal: emulatorJournal };
    case "server":
      return { apiKey: EMULATOR_KEY, baseUrl: live.baseUrl, journal: journalOf(live.baseUrl) };
    case "proxy":
      return { baseUrl: live.baseUrl, journal: journalOf(live.baseUrl) };
    case "key":
      addSecret(live.apiKey);
      return { apiKey: live.apiKey, baseUrl: live.baseUrl, journal: journalOf(live.baseUrl) };
  }
}

/** Returns a journal per base URL, because servers do not know each other's executions. */
function journalOf(baseUrl: string): Journal {
  const journal = storageJournal();
  const at = (key: string) => `${key} ${baseUrl}`;
  return {
    get: (key) => journal.get(at(key)),
    set: (key, value) => journal.set(at(key), value),
    delete: (key) => journal.delete(at(key)),
  };
}

/** Whether the connection is an emulator. */
export const isEmulated = computed(() => ["emulator", "server"].includes(connection.value.mode));
