import { useEffect, useState } from "preact/hooks";

/** The time of `performance.now()`, moving while something is under way. */
export function useNow(isMoving: boolean): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    if (!isMoving) return;
    const timer = setInterval(() => setNow(performance.now()), 100);
    return () => clearInterval(timer);
  }, [isMoving]);
  return isMoving ? Math.max(now, 0) : performance.now();
}
