import { useEffect, useState } from "preact/hooks";

/** Returns `performance.now()`, updated regularly while `isMoving` is true. */
export function useNow(isMoving: boolean): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    if (!isMoving) return;
    const timer = setInterval(() => setNow(performance.now()), 100);
    return () => clearInterval(timer);
  }, [isMoving]);
  return isMoving ? Math.max(now, 0) : performance.now();
}
