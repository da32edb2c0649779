/** Short messages at the edge of the page, some with an action. */
import { signal } from "@preact/signals";

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}

export const toasts = signal<readonly Toast[]>([]);

/** How long a message without an action is shown, in milliseconds. One with an action stays until it is closed or replaced. */
const SHOWN_MS = 6_000;
let count = 0;

export function toast(text: string, action?: Toast["action"]): void {
  const id = ++count;
  // One action at a time: an older one may no longer apply.
  const kept = toasts.value.filter((other) => other.action === undefined);
  toasts.value = [...(action ? kept : toasts.value), { id, text, action }].slice(-3);
  if (!action) setTimeout(() => closeToast(id), SHOWN_MS);
}

export function closeToast(id: number): void {
  toasts.value = toasts.value.filter((other) => other.id !== id);
}
