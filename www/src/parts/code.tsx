/** Shows code for the action of a view: a whole program. */
import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { Action } from "../lib/action.js";
import { Loading } from "./loading.js";
import type { Snippet } from "./snippet.js";

/** Loaded with the first code that is shown. */
const shown = signal<{ readonly Snippet: typeof Snippet } | "loading" | "failed" | undefined>(undefined);

/** Code that is closed, and not loaded, until the user opens it. */
export function Code({ action }: { action: Action }) {
  const [wasOpened, setOpened] = useState(false);
  return (
    <details class="card code" onToggle={(event) => event.currentTarget.open && setOpened(true)}>
      <summary>Show the code</summary>
      {wasOpened && <Lazy action={action} />}
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
