/** Settings that survive a reload. Never store an API key here. */
import { effect, type Signal, signal } from "@preact/signals";

/** @param isShared - Whether the changes of other tabs apply to this one immediately. */
export function remembered<Value>(
  name: string,
  fallback: Value,
  storage: () => Storage,
  { isShared = false } = {},
): Signal<Value> {
  const key = `playground.${name}`;
  const kept = signal(read<Value>(key, storage) ?? fallback);
  effect(() => {
    const text = JSON.stringify(kept.value);
    try {
      storage().setItem(key, text);
    } catch {
      // The page works without storage.
    }
  });
  if (isShared) {
    addEventListener("storage", (event) => {
      if (event.key === key) kept.value = read<Value>(key, storage) ?? fallback;
    });
  }
  return kept;
}

function read<Value>(key: string, storage: () => Storage): Value | undefined {
  try {
    return JSON.parse(storage().getItem(key) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}
