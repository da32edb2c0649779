/** Whom the page talks to. */
import { useState } from "preact/hooks";
import { go, route, to } from "../lib/routes.js";
import { Failure } from "../parts/failure.js";
import { Field } from "../parts/field.js";
import {
  CLOUD,
  type Connection,
  clientSettings,
  connection,
  LOCAL_EMULATOR,
  MODES,
  type Mode,
} from "../session/connection.js";
import { switchTo } from "../session/switch.js";

/** What an address may not be, in words; nothing if it will do. */
function addressProblem(mode: Mode, text: string): string | undefined {
  let url: URL;
  try {
    url = new URL(text, mode === "proxy" ? location.href : undefined);
  } catch {
    return "This is no address";
  }
  const isLocal = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  if (mode === "server")
    return isLocal ? undefined : "The emulator runs on this machine: 127.0.0.1 or localhost";
  const isOurs = url.origin === location.origin;
  return url.protocol === "https:" || isLocal || isOurs ? undefined : "Only https, but for this machine";
}

/** Only what a link may say: never a key. It is filled in, and connects nothing by itself. */
function asked(): { mode: Mode; baseUrl: string | null } {
  const { query } = route.peek();
  const mode = query.get("mode");
  const isKnown = mode !== null && Object.hasOwn(MODES, mode);
  return { mode: isKnown ? (mode as Mode) : connection.peek().mode, baseUrl: query.get("baseUrl") };
}

export function Connect() {
  const [mode, setMode] = useState<Mode>(() => asked().mode);
  const [addresses, setAddresses] = useState<Record<Exclude<Mode, "emulator">, string>>(() => {
    const { mode: linked, baseUrl } = asked();
    const live = connection.peek();
    const current = live.mode === "emulator" ? {} : { [live.mode]: live.baseUrl };
    // A link may not choose where a key goes.
    const given = baseUrl && (linked === "server" || linked === "proxy") ? { [linked]: baseUrl } : {};
    return { server: LOCAL_EMULATOR, proxy: "/api/browser-use", key: CLOUD, ...current, ...given };
  });
  const [apiKey, setApiKey] = useState("");
  const [error, setError] = useState<unknown>();
  const address = mode === "emulator" ? "" : addresses[mode];
  const problem = mode === "emulator" ? undefined : addressProblem(mode, address);
  const submit = (event: Event) => {
    event.preventDefault();
    if (problem) return;
    try {
      switchTo(chosen(mode, address, apiKey.trim()));
      go(to([]));
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <>
      <header class="head">
        <h1>Connect</h1>
        <p class="lead">Whom this page talks to. The emulator needs nothing, and is a good place to begin.</p>
      </header>
      <form class="card" onSubmit={submit} aria-label="Connection">
        <fieldset class="modes">
          <legend class="unseen">Connection</legend>
          {(Object.keys(MODES) as Mode[]).map((name) => (
            <label key={name} class="check">
              <input
                type="radio"
                name="mode"
                value={name}
                checked={mode === name}
                onChange={() => setMode(name)}
              />
              <span>
                {MODES[name].name} {connection.value.mode === name && <span class="tag">live now</span>}
                <span class="hint">{MODES[name].explanation}</span>
              </span>
            </label>
          ))}
        </fieldset>
        {mode !== "emulator" && (
          <Field label="Address of the API" problem={problem}>
            {(described) => (
              <input
                {...described}
                class="mono"
                value={address}
                onInput={(event) => setAddresses({ ...addresses, [mode]: event.currentTarget.value.trim() })}
              />
            )}
          </Field>
        )}
        {mode === "key" && (
          <>
            <p class="warning">
              Whoever can see into this page can read the key. It is kept in memory only, in no storage and no
              address, goes to the address above and nowhere else, and is gone after a reload. Better still:
              use a proxy.
            </p>
            <Field label="API key">
              {(described) => (
                <input
                  {...described}
                  type="password"
                  autocomplete="off"
                  required
                  value={apiKey}
                  onInput={(event) => setApiKey(event.currentTarget.value)}
                />
              )}
            </Field>
          </>
        )}
        <div class="actions">
          <button
            type="submit"
            class="primary"
            disabled={problem !== undefined || (mode === "key" && !apiKey.trim())}
          >
            Connect
          </button>
        </div>
        <Failure error={error} />
      </form>
      <ClientOptions />
    </>
  );
}

function chosen(mode: Mode, baseUrl: string, apiKey: string): Connection {
  switch (mode) {
    case "emulator":
      return { mode };
    case "key":
      return { mode, baseUrl, apiKey };
    default:
      return { mode, baseUrl };
  }
}

/** What the client is made with. */
function ClientOptions() {
  const { maxConcurrent, maxRetries, timeoutSeconds } = clientSettings.value;
  const set = (change: Partial<typeof clientSettings.value>) => {
    clientSettings.value = { ...clientSettings.value, ...change };
  };
  return (
    <section class="card">
      <h2>Options of the client</h2>
      <div class="filters">
        <Field label="maxConcurrent" hint="Runs at once; others wait. Empty: no limit">
          {(described) => (
            <input
              {...described}
              type="number"
              min={1}
              value={maxConcurrent ?? ""}
              onChange={(event) => set({ maxConcurrent: event.currentTarget.valueAsNumber || null })}
            />
          )}
        </Field>
        <Field label="maxRetries" hint="Attempts after the first one">
          {(described) => (
            <input
              {...described}
              type="number"
              min={0}
              max={10}
              value={maxRetries}
              onChange={(event) => set({ maxRetries: event.currentTarget.valueAsNumber || 0 })}
            />
          )}
        </Field>
        <Field label="timeout" hint="Seconds for one attempt. Empty: 60, for runs 300">
          {(described) => (
            <input
              {...described}
              type="number"
              min={1}
              value={timeoutSeconds ?? ""}
              onChange={(event) => set({ timeoutSeconds: event.currentTarget.valueAsNumber || null })}
            />
          )}
        </Field>
      </div>
    </section>
  );
}
