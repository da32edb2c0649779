/**
 * Restores the scroll position after Back, Forward and a reload. The browser does it too early: before the view has loaded
 * its content.
 */

const STORED = "playground.scroll";
/** How long the content of a view may take, in milliseconds. */
const LOAD_MS = 3_000;
/** Events with which the user moves the page. */
const MOVES = ["wheel", "touchmove", "keydown", "pointerdown"];

/** Scroll positions by entry of the history, which has its name in its state. */
let positions: Record<string, number> = {};
let entry = "";
let isReturn = false;
let restoring = new AbortController();

/** Whether the last navigation was to an entry of the history that was shown before. */
export function isReturning(): boolean {
  return isReturn;
}

export function followScrolling(): void {
  history.scrollRestoration = "manual";
  try {
    positions = JSON.parse(sessionStorage.getItem(STORED) ?? "{}");
  } catch {
    // The page works without storage.
  }
  enter();
  addEventListener("hashchange", enter);
  addEventListener(
    "scroll",
    () => {
      if (restoring.signal.aborted) positions[entry] = scrollY;
    },
    { passive: true },
  );
  addEventListener("pagehide", () => {
    try {
      sessionStorage.setItem(STORED, JSON.stringify(positions));
    } catch {
      // As above.
    }
  });
}

function enter(): void {
  restoring.abort();
  const known: unknown = history.state?.entry;
  isReturn = typeof known === "string";
  entry = isReturn ? String(known) : `${Date.now()} ${Math.random()}`;
  if (isReturn) restore(positions[entry] ?? 0);
  else history.replaceState({ entry }, "");
}

/** Scrolls whenever content arrives, until the user moves the page. */
function restore(position: number): void {
  restoring = new AbortController();
  const { signal } = restoring;
  const scroll = () => scrollTo(0, position);
  const observer = new ResizeObserver(scroll);
  observer.observe(document.body);
  const timer = setTimeout(() => restoring.abort(), LOAD_MS);
  for (const name of MOVES)
    addEventListener(name, () => restoring.abort(), { passive: true, once: true, signal });
  signal.addEventListener("abort", () => {
    observer.disconnect();
    clearTimeout(timer);
  });
}
