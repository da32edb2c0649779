/** The connection of the page. A key is kept in memory only, and never in storage or a URL. */
import { computed, effect, signal } from "@preact/signals";
import { BrowserUse, type BrowserUseOptions, type FetchLike, type Journal } from "browser-use-skills";
import { storageJournal } from "browser-use-skills/journal";
import { remembered } from "../lib/remember.js";
import { emulatorFetch, emulatorJournal } from "./emulator.js";
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

/** The stored connection. Connections with a key are not stored. */
const stored = remembered<Exclude<Connection, { mode: "key" }>>(
  "connection",
  { mode: "emulator" },
  () => sessionStorage,
);

export const connection = signal<Connection>(stored.value);

effect(() => {
  const { value } = connection;
  stored.value = value.mode === "key" ? { mode: "emulator" } : value;
});

/** The unrecorded `fetch` of the connection. Also downloads outputs, which need no key. */
export const plainFetch = computed<FetchLike>(() =>
  connection.value.mode === "emulator" ? emulatorFetch : (url, init) => fetch(url, init),
);

export const client = computed(() => {
  const { maxConcurrent, maxRetries, timeoutSeconds } = clientSettings.value;
  return new BrowserUse({
    ...credentials(connection.value),
    ...record(plainFetch.value),
    maxRetries,
    maxConcurrent: maxConcurrent ?? undefined,
    timeout: timeoutSeconds === null ? undefined : timeoutSeconds * 1000,
  });
});

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
