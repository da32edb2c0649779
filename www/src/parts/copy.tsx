import { useEffect, useState } from "preact/hooks";

/** A button that copies a text and confirms it. */
export function Copy({ text, label = "Copy" }: { text: () => string; label?: string }) {
  const [message, setMessage] = useState<string>();
  useEffect(() => {
    if (message === undefined) return;
    const timer = setTimeout(() => setMessage(undefined), 2000);
    return () => clearTimeout(timer);
  }, [message]);
  const copy = () => {
    navigator.clipboard.writeText(text()).then(
      () => setMessage("Copied"),
      () => setMessage("Not allowed by the browser"),
    );
  };
  return (
    <button type="button" class="quiet" onClick={copy}>
      <span aria-live="polite">{message ?? label}</span>
    </button>
  );
}
