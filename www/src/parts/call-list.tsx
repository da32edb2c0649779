/** Recorded calls, newest first. Consecutive polls are one entry, which can be opened. */
import { useState } from "preact/hooks";
import { count, duration, time } from "../lib/format.js";
import type { RecordedCall } from "../session/recorder.js";

/** Operations that waits and views repeat. */
const POLLS: readonly string[] = ["skills.get", "skills.list", "skills.executions"];

type Entry = readonly [newest: RecordedCall, ...older: RecordedCall[]];

/** Groups consecutive successful polls of the same URL. @param calls - Newest first. */
function entriesOf(calls: readonly RecordedCall[]): Entry[] {
  const entries: [RecordedCall, ...RecordedCall[]][] = [];
  for (const call of calls) {
    const last = entries.at(-1);
    if (last && isPoll(call) && isPoll(last[0]) && urlOf(call) === urlOf(last[0])) last.push(call);
    else entries.push([call]);
  }
  return entries;
}

const isPoll = ({ operation, state }: RecordedCall) => state === "done" && POLLS.includes(operation);
const urlOf = ({ exchanges }: RecordedCall) => exchanges[0]?.url;

export function resultOf({ state, code, exchanges, delays }: RecordedCall): string {
  if (state === "failed") return code ?? "failed";
  if (state === "running") return delays.length >= exchanges.length && delays.length > 0 ? "waiting" : "…";
  const tries = exchanges.length > 1 ? ` ×${exchanges.length}` : "";
  return `${exchanges.at(-1)?.status ?? "done"}${tries}`;
}

interface CallListProps {
  calls: readonly RecordedCall[];
  selected: string | undefined;
  onSelect(id: string): void;
}

export function CallList({ calls, selected, onSelect }: CallListProps) {
  const row = (call: RecordedCall) => (
    <button
      type="button"
      class="call"
      data-operation={call.operation}
      data-state={call.code === "aborted" ? "aborted" : call.state}
      aria-pressed={call.id === selected}
      onClick={() => onSelect(call.id)}
    >
      <span class="mono">{call.operation}</span>
      <span class="call-result">{resultOf(call)}</span>
      <span class="soft figure">{time(performance.timeOrigin + call.startedAt)}</span>
      <span class="soft figure">
        {call.endedAt === undefined ? "…" : duration(call.endedAt - call.startedAt)}
      </span>
    </button>
  );
  return (
    <ol class="calls">
      {entriesOf(calls).map((entry) => {
        const [newest, ...older] = entry;
        // Named by the oldest, which stays the same while polls are added.
        const key = (older.at(-1) ?? newest).id;
        return (
          <li key={key}>
            {row(newest)}
            {older.length > 0 && <Older calls={older} row={row} />}
          </li>
        );
      })}
    </ol>
  );
}

interface OlderProps {
  calls: readonly RecordedCall[];
  row(call: RecordedCall): preact.JSX.Element;
}

function Older({ calls, row }: OlderProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="quiet polls" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? "Hide" : "Show"} {count(calls.length, "earlier poll")}
      </button>
      {isOpen && (
        <ol class="calls">
          {calls.map((call) => (
            <li key={call.id}>{row(call)}</li>
          ))}
        </ol>
      )}
    </>
  );
}
