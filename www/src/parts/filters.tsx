/** Filters of a list. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { CATEGORIES } from "../lib/labels.js";

export function Filters({ children }: { children: ComponentChildren }) {
  return (
    <search>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        {children}
      </form>
    </search>
  );
}

/** Delay between the last keystroke and the search, in milliseconds. */
const DEBOUNCE = 250;

interface SearchProps {
  text: string;
  onSearch(text: string): void;
}

export function Search({ text, onSearch }: SearchProps) {
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  useEffect(() => {
    if (typed === text) return;
    const timer = setTimeout(() => onSearch(typed), DEBOUNCE);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <label>
      <span>Search</span>
      <input
        type="search"
        value={typed}
        maxLength={__LIMITS__.query?.max}
        placeholder="weather, prices, …"
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
    </label>
  );
}

interface SelectProps {
  label: string;
  options: ReadonlyArray<readonly [value: string, text: string]>;
  value: string | null;
  onChange(value: string): void;
}

export function Select({ label, options, value, onChange }: SelectProps) {
  return (
    <label>
      <span>{label}</span>
      <select value={value ?? ""} onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

export const CATEGORY_OPTIONS = [["", "All"], ...Object.entries(CATEGORIES)] as const;
