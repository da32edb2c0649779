/** Keeps an error in one part of the page, such as the card of a run: the rest stays usable. */
import type { ComponentChildren } from "preact";
import { useErrorBoundary } from "preact/hooks";
import { Failure } from "./failure.js";

export function Boundary({ children }: { children: ComponentChildren }) {
  const [error] = useErrorBoundary();
  return error === undefined ? children : <Failure error={error} />;
}
