/** Whom the page talks to. A key is kept in memory only: it is in no storage and no address. */
import { computed, effect, signal } from "@preact/signals";
import { BrowserUse, type BrowserUseOptions, type FetchLike, type Journal } from "browser-use-skills";
import { createEmulator } from "browser-use-skills/emulator";
import { storageJournal } from "browser-use-skills/journal";
import { remembered } from "../lib/remember.js";
import { record } from "./recorder.js";
import { hide } from "./redact.js";

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
    explanation: "Nothing leaves the page, nothing costs anything. What you make is gone after a reload.",
  },
  server: {
    name: "Emulator over HTTP",
    badge: "Emulator over HTTP",
    explanation: "The one that npm start or npm run emulator runs on this machine, with real requests.",
  },
  proxy: {
    name: "Your own proxy",
    badge: "Own proxy",
    explanation: "A server of yours that adds the key. The page sends none.",
  },
  key: {
    name: "Your own key",
    badge: "Live: your key",
    explanation: "Straight to the cloud. Creating and running skills costs real credits.",
  },
};

export const CLOUD = "https://api.browser-use.com/api/v2";
export const LOCAL_EMULATOR = "http://127.0.0.1:8787/api/v2";

/** The emulators take any key but none at all. */
const EMULATOR_KEY = "bu_emulator";

/** What the visitor may change of the client. */
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

export const emulator = createEmulator({ generationMs: 6_000, executionMs: 900 });

/** Everything but a connection with a key, which a reload ends. */
const kept = remembered<Exclude<Connection, { mode: "key" }>>(
  "connection",
  { mode: "emulator" },
  () => sessionStorage,
);

export const connection = signal<Connection>(kept.value);

effect(() => {
  const { value } = connection;
  kept.value = value.mode === "key" ? { mode: "emulator" } : value;
});

/** What sends requests beneath the client: also for outputs, which need no key. */
export const plainFetch = computed<FetchLike>(() =>
  connection.value.mode === "emulator"
    ? (address, init) => emulator.fetch(address, init)
    : (address, init) => fetch(address, init),
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
      // Its skills end with the page, and so would a journal's sense.
      return { apiKey: EMULATOR_KEY };
    case "server":
      return { apiKey: EMULATOR_KEY, baseUrl: live.baseUrl, journal: journalOf(live.baseUrl) };
    case "proxy":
      return { baseUrl: live.baseUrl, journal: journalOf(live.baseUrl) };
    case "key":
      hide(live.apiKey);
      return { apiKey: live.apiKey, baseUrl: live.baseUrl, journal: journalOf(live.baseUrl) };
  }
}

/** One for each address: what runs at one is unknown at another. */
function journalOf(baseUrl: string): Journal {
  const journal = storageJournal();
  const at = (key: string) => `${key} ${baseUrl}`;
  return {
    get: (key) => journal.get(at(key)),
    set: (key, value) => journal.set(at(key), value),
    delete: (key) => journal.delete(at(key)),
  };
}

/** Whether there is an emulator to steer. */
export const isEmulated = computed(() => ["emulator", "server"].includes(connection.value.mode));
