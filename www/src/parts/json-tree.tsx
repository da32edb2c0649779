/** An expandable JSON value. Uses `<details>` for keyboard, find-in-page and screen reader support. */
import { useState } from "preact/hooks";

/** Items shown before "more" is clicked. */
const MAX_ITEMS = 100;

interface NodeProps {
  name?: string | undefined;
  value: unknown;
  isOpen: boolean;
}

export function JsonTree({ value }: { value: unknown }) {
  return (
    <div class="tree">
      <Node value={value} isOpen={true} />
    </div>
  );
}

function Node({ name, value, isOpen }: NodeProps) {
  const isList = Array.isArray(value);
  if (typeof value !== "object" || value === null) {
    return (
      <div class="leaf">
        <Name name={name} />
        <span class={`is-${value === null ? "null" : typeof value}`}>
          {JSON.stringify(value) ?? "undefined"}
        </span>
      </div>
    );
  }
  const size = Object.keys(value).length;
  return (
    <Branch name={name} isOpen={isOpen && size > 0} summary={isList ? `[ ${size} ]` : `{ ${size} }`}>
      {() => <Children entries={Object.entries(value)} isList={isList} />}
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

function Children({ entries, isList }: { entries: Array<[string, unknown]>; isList: boolean }) {
  const [most, setMost] = useState(MAX_ITEMS);
  return (
    <div class="children">
      {entries.slice(0, most).map(([name, value]) => (
        <Node key={name} name={name} value={value} isOpen={!isList && entries.length <= 12} />
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
