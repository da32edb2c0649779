/** Shows code for the action of a view: a whole program. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Action } from "../lib/action.js";
import { Loading } from "./loading.js";
import type { Snippet } from "./snippet.js";

/** Loaded with the first code that is shown: the first screen shows none. */
const shown = signal<{ readonly Snippet: typeof Snippet } | "loading" | "failed" | undefined>(undefined);

/** Code that is closed until the user opens it. */
export function Code({ action }: { action: Action }) {
  return (
    <details class="card code">
      <summary>Show the code</summary>
      <Lazy action={action} />
    </details>
  );
}

/** Code that is always open. */
export function CodePane({ action }: { action: Action }) {
  return (
    <section class="card code">
      <h2>Code</h2>
      <Lazy action={action} />
    </section>
  );
}

function Lazy({ action }: { action: Action }) {
  useEffect(() => void load(), []);
  const loaded = shown.value;
  if (loaded === "failed") return <p class="soft">The code could not be loaded. Reload the page.</p>;
  if (typeof loaded !== "object") return <Loading when={true} label="Loading the code" />;
  return <loaded.Snippet action={action} />;
}

async function load(): Promise<void> {
  if (shown.peek() !== undefined && shown.peek() !== "failed") return;
  shown.value = "loading";
  try {
    shown.value = await import("./snippet.js");
  } catch {
    shown.value = "failed";
  }
}
