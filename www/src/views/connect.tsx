/** Selects the connection of the page. */
import { useEffect, useRef, useState } from "preact/hooks";
import { go, route, to } from "../lib/routes.js";
import { CLOUD, LOCAL_EMULATOR } from "../lib/servers.js";
import { Field } from "../parts/field.js";
import { useAct } from "../parts/use-act.js";
import {
  type Connection,
  clientSettings,
  connection,
  forgottenKey,
  MODES,
  type Mode,
  testConnection,
} from "../session/connection.js";
import type { Health } from "../session/health.js";
import { switchTo } from "../session/switch.js";
import { TestFailure } from "./test-failure.js";

/** Validates a base URL. Returns an error message; undefined if it is valid. */
function urlProblem(mode: Mode, text: string): string | undefined {
  let url: URL;
  try {
    url = new URL(text, mode === "proxy" ? location.href : undefined);
  } catch {
    return "This is not a valid URL";
  }
  const isLocal = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  if (mode === "server")
    return isLocal ? undefined : "The emulator runs on this machine: use 127.0.0.1 or localhost";
  const isSameOrigin = url.origin === location.origin;
  return url.protocol === "https:" || isLocal || isSameOrigin ? undefined : "Use https, except for localhost";
}

/** The connection in use, or the one whose key is forgotten. */
function currentConnection(): { mode: Mode; baseUrl?: string } {
  const forgotten = forgottenKey.peek();
  return forgotten === undefined ? connection.peek() : { mode: "key", baseUrl: forgotten };
}

/** Reads the mode and URL from the route, to prefill the form. A link cannot contain a key or connect by itself. */
function linkedConnection(): { mode: Mode; baseUrl: string | null } {
  const { query } = route.peek();
  const mode = query.get("mode");
  const isValid = mode !== null && Object.hasOwn(MODES, mode);
  return { mode: isValid ? (mode as Mode) : currentConnection().mode, baseUrl: query.get("baseUrl") };
}

export function Connect() {
  const [mode, setMode] = useState<Mode>(() => linkedConnection().mode);
  const [urls, setUrls] = useState<Record<Exclude<Mode, "emulator">, string>>(() => {
    const { mode: linked, baseUrl } = linkedConnection();
    const live = currentConnection();
    const current = live.baseUrl === undefined ? {} : { [live.mode]: live.baseUrl };
    // A link must not choose where a key is sent.
    const given = baseUrl && (linked === "server" || linked === "proxy") ? { [linked]: baseUrl } : {};
    return { server: LOCAL_EMULATOR, proxy: "/api/browser-use", key: CLOUD, ...current, ...given };
  });
  const [apiKey, setApiKey] = useState("");
  const testing = useAct();
  const controller = useRef(new AbortController());
  const [message, setMessage] = useState("");
  const url = mode === "emulator" ? "" : urls[mode];
  const problem = mode === "emulator" ? undefined : urlProblem(mode, url);
  useEffect(() => () => controller.current.abort(), []);
  const target = () => chosen(mode, url, apiKey.trim());
  const connect = (found?: Health) => {
    switchTo(target(), found);
    go(to([]));
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (problem || testing.isBusy) return;
    if (mode === "emulator") return connect();
    controller.current = new AbortController();
    const { signal } = controller.current;
    setMessage("Testing the connection, without costs…");
    const isConnected = await testing.act(async () => {
      try {
        await testConnection(target(), signal);
        return true;
      } catch (error) {
        if (signal.aborted) return false;
        throw error;
      }
    });
    setMessage("");
    if (isConnected) connect("online");
  };
  return (
    <>
      <header class="head">
        <h1>Connect</h1>
        <p class="lead">Select the server that this page uses. The emulator works without a key.</p>
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
                {MODES[name].name}{" "}
                {forgottenKey.value === undefined && connection.value.mode === name && (
                  <span class="tag">connected</span>
                )}
                <span class="hint">{MODES[name].explanation}</span>
              </span>
            </label>
          ))}
        </fieldset>
        {mode !== "emulator" && (
          <Field label="Base URL of the API" problem={problem}>
            {(described) => (
              <input
                {...described}
                class="mono"
                value={url}
                onInput={(event) => setUrls({ ...urls, [mode]: event.currentTarget.value.trim() })}
              />
            )}
          </Field>
        )}
        {mode === "key" && (
          <>
            <p class="warning">
              Everyone with access to this page can read the key. It is kept in memory until a reload, sent
              only to the URL above, and never stored or part of a URL. A proxy is safer.
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
            aria-disabled={testing.isBusy}
            disabled={problem !== undefined || (mode === "key" && !apiKey.trim())}
          >
            Connect
          </button>
          {testing.isBusy && (
            <button type="button" onClick={() => controller.current.abort()}>
              Cancel
            </button>
          )}
          <span role="status">{message}</span>
        </div>
        {testing.error !== undefined && <TestFailure error={testing.error} mode={mode} onConnect={connect} />}
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

/** Options of the client. */
function ClientOptions() {
  const { maxConcurrent, maxRetries, timeoutSeconds } = clientSettings.value;
  const set = (change: Partial<typeof clientSettings.value>) => {
    clientSettings.value = { ...clientSettings.value, ...change };
  };
  return (
    <section class="card">
      <h2>Client options</h2>
      <div class="filters">
        <Field label="maxConcurrent" hint="Concurrent runs; others are queued. Empty: no limit">
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
        <Field label="maxRetries" hint="Maximum number of retries">
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
        <Field label="timeout" hint="Seconds per attempt. Empty: 60, or 300 for runs">
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
