import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

/** Rows rendered above and below the visible ones. */
const MARGIN = 10;

/** Returns which rows of equal height are visible in a scrollable element, so that only these are rendered. */
export function useWindow(frame: RefObject<HTMLElement | null>, rowCount: number, rowHeight: number) {
  const [view, setView] = useState({ top: 0, height: 512 });
  useEffect(() => {
    const { current } = frame;
    if (!current) return;
    const measure = () => setView({ top: current.scrollTop, height: current.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    current.addEventListener("scroll", measure, { passive: true });
    return () => {
      observer.disconnect();
      current.removeEventListener("scroll", measure);
    };
  }, []);
  const visible = Math.ceil(view.height / rowHeight);
  const first = Math.max(0, Math.min(Math.floor(view.top / rowHeight), rowCount - visible) - MARGIN);
  return { first, end: Math.min(rowCount, first + visible + 2 * MARGIN) };
}
