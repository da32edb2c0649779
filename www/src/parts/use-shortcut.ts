import { useEffect, useRef } from "preact/hooks";

/** Calls `run` on Ctrl+Enter, or Cmd+Enter, anywhere on the page except in a dialog. */
export function useSubmitShortcut(run: () => void): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      const isShortcut = event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.repeat;
      if (!isShortcut || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, []);
}

/** The shortcut as the platform writes it. */
export const SUBMIT_SHORTCUT = /Mac|iP(hone|ad)/.test(navigator.userAgent) ? "⌘ Enter" : "Ctrl+Enter";
