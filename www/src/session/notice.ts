/** What goes wrong where no view is there to show it. */
import { signal } from "@preact/signals";

export const notice = signal<unknown>(undefined);

export function report(error: unknown): void {
  notice.value = error;
}
