/** Settings that survive a reload. Never store an API key here. */
import { effect, type Signal, signal } from "@preact/signals";

export function remembered<Value>(name: string, fallback: Value, storage: () => Storage): Signal<Value> {
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
  return kept;
}

function read<Value>(key: string, storage: () => Storage): Value | undefined {
  try {
    return JSON.parse(storage().getItem(key) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}
