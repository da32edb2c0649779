/** An expandable JSON value. Uses `<details>` for keyboard, find-in-page and screen reader support. */
import { useState } from "preact/hooks";
import { shortened } from "../lib/format.js";

/** Items shown before "more" is clicked. */
const MAX_ITEMS = 100;
/** Levels that are open at first. More would exceed the stack for a deep value. */
const OPEN_LEVELS = 6;
/** Characters of a string that are shown. */
const MAX_CHARACTERS = 10_000;

interface NodeProps {
  name?: string | undefined;
  value: unknown;
  isOpen: boolean;
  level: number;
}

export function JsonTree({ value }: { value: unknown }) {
  return (
    <div class="tree">
      <Node value={value} isOpen={true} level={0} />
    </div>
  );
}

function Node({ name, value, isOpen, level }: NodeProps) {
  const isList = Array.isArray(value);
  if (typeof value !== "object" || value === null) {
    return (
      <div class="leaf">
        <Name name={name} />
        <span class={`is-${value === null ? "null" : typeof value}`}>
          {shortened(JSON.stringify(value) ?? "undefined", MAX_CHARACTERS)}
        </span>
      </div>
    );
  }
  const size = Object.keys(value).length;
  return (
    <Branch name={name} isOpen={isOpen && size > 0} summary={isList ? `[ ${size} ]` : `{ ${size} }`}>
      {() => <Children entries={Object.entries(value)} isList={isList} level={level + 1} />}
    </Branch>
  );
}

interface BranchProps {
  name: string | undefined;
  isOpen: boolean;
  summary: string;
  children: () => preact.ComponentChildren;
}

/** Renders its children when first opened. */
function Branch({ name, isOpen, summary, children }: BranchProps) {
  const [wasOpen, setWasOpen] = useState(isOpen);
  return (
    <details open={isOpen} onToggle={(event) => event.currentTarget.open && setWasOpen(true)}>
      <summary>
        <Name name={name} />
        <span class="soft">{summary}</span>
      </summary>
      {wasOpen && children()}
    </details>
  );
}

interface ChildrenProps {
  entries: Array<[string, unknown]>;
  isList: boolean;
  level: number;
}

function Children({ entries, isList, level }: ChildrenProps) {
  const [most, setMost] = useState(MAX_ITEMS);
  const areOpen = !isList && entries.length <= 12 && level < OPEN_LEVELS;
  return (
    <div class="children">
      {entries.slice(0, most).map(([name, value]) => (
        <Node key={name} name={name} value={value} isOpen={areOpen} level={level} />
      ))}
      {entries.length > most && (
        <button type="button" class="quiet" onClick={() => setMost(most + MAX_ITEMS)}>
          {entries.length - most} more
        </button>
      )}
    </div>
  );
}

function Name({ name }: { name: string | undefined }) {
  return name === undefined ? null : <span class="name">{name}: </span>;
}
