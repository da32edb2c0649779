/** Errors that do not belong to a view. */
import { signal } from "@preact/signals";

export const notice = signal<unknown>(undefined);

export function report(error: unknown): void {
  notice.value = error;
}
