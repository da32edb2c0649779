/** A React component for the action of a view. */
import type { Connection } from "../session/connection.js";
import { type Action, neededOrigin, needsSession, type Preparation } from "./action.js";
import { callOf, options, preparing, startingSession } from "./calls.js";
import { outputType } from "./javascript.js";

/** Path of the proxy in the component, as in the documentation of the package. */
const PROXY: Connection = { mode: "proxy", baseUrl: "/api/browser-use" };

export function react(action: Action, live: Connection, preparation: Preparation = {}): string {
  const origin = live.mode === "emulator" ? neededOrigin(action, preparation) : undefined;
  const settings = ["signal"];
  const call = callOf(action, {
    variable: origin && "id",
    hasSession: needsSession(action, live),
    settings,
    output: action.is === "run" ? "<Output>" : "",
  });
  // A clone and a creation are not reads, either.
  const isRead = !(action.is in LABELS) && (origin === undefined || origin.is === "public");
  const lines = [
    ...(origin ? preparing(origin, action.is === "get", settings) : []),
    ...startingSession(action, live, settings),
    ...calling(action, call),
  ];
  return [
    "// npm install browser-use-skills react",
    "// src/program.tsx: <Program />",
    'import { BrowserUse } from "browser-use-skills";',
    ...(live.mode === "emulator" ? ['import { createEmulator } from "browser-use-skills/emulator";'] : []),
    'import { useEffect, useState } from "react";',
    "",
    ...outputType(action),
    ...(live.mode === "key"
      ? [
          "// Everyone can read a key in a page: a proxy on your server adds it, see browser-use-skills/proxy.",
        ]
      : []),
    `const client = new BrowserUse(${options(live.mode === "key" ? PROXY : live, preparation.seed)});`,
    "",
    "async function load(signal: AbortSignal) {",
    ...lines
      .join("\n")
      .split("\n")
      .map((line) => `  ${line}`),
    "}",
    "",
    "type Result = Awaited<ReturnType<typeof load>>;",
    "",
    isRead ? READ : started(LABELS[action.is] ?? "Load"),
    "",
  ].join("\n");
}

/** Texts of the buttons of calls that change something or cost credits. */
const LABELS: Partial<Record<Action["is"], string>> = { create: "Create", refine: "Refine", run: "Run" };

function calling(action: Action, call: string): string[] {
  if (action.is !== "run") return [`return ${call};`];
  return [
    `const run = await ${call};`,
    'if (!run.success) throw new Error(run.error ?? "The skill failed");',
    "return run.result;",
  ];
}

const SHOWN = "<pre>{JSON.stringify(result, null, 2)}</pre>";
const PROBLEM = '<p role="alert">{error instanceof Error ? error.message : String(error)}</p>';

const READ = `export function Program() {
  const [result, setResult] = useState<Result>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    load(signal).then(setResult, (error) => signal.aborted || setError(error));
    return () => controller.abort();
  }, []);
  if (error) return ${PROBLEM};
  if (!result) return <p role="status">Loading…</p>;
  return ${SHOWN};
}`;

function started(label: string): string {
  return `export function Program() {
  const [result, setResult] = useState<Result>();
  const [error, setError] = useState<unknown>();
  const [controller, setController] = useState<AbortController>();
  // Aborts the call when the component is removed.
  useEffect(() => () => controller?.abort(), [controller]);
  // In an event handler, because effects run again on remounts${label === "Run" ? ", and each run costs credits" : ""}.
  const start = async () => {
    const controller = new AbortController();
    setController(controller);
    setError(undefined);
    try {
      setResult(await load(controller.signal));
    } catch (error) {
      if (!controller.signal.aborted) setError(error);
    } finally {
      setController(undefined);
    }
  };
  return (
    <>
      <button type="button" disabled={controller !== undefined} onClick={start}>
        ${label}
      </button>
      {controller && <p role="status">Loading…</p>}
      {error !== undefined && ${PROBLEM}}
      {result !== undefined && ${SHOWN}}
    </>
  );
}`;
}
