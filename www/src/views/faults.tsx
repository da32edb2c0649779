/** The switchboard of faults: what goes wrong with the next requests. */
import type { OperationName } from "browser-use-skills";
import type { EmulatorFault } from "browser-use-skills/emulator";
import { useState } from "preact/hooks";
import { OPERATIONS } from "../lib/words.js";
import { Failure } from "../parts/failure.js";
import { Field } from "../parts/field.js";
import { useAct } from "../parts/use-act.js";
import { addFault, clearFaults } from "../session/admin.js";

type Trouble = { name: string; meaning: string; fault: EmulatorFault };

const TROUBLES: readonly Trouble[] = [
  {
    name: "429 throttle",
    meaning: "Too many requests; asks to wait a second",
    fault: {
      kind: "status",
      status: 429,
      retryAfter: "1",
      body: { detail: "Rate limit exceeded", retry_after_seconds: 1, limit_rps: 10 },
    },
  },
  {
    name: "503 busy",
    meaning: "Asks to come again in a second",
    fault: { kind: "status", status: 503, retryAfter: "1" },
  },
  { name: "500 error", meaning: "The server fails", fault: { kind: "status", status: 500 } },
  {
    name: "401",
    meaning: "The key is refused",
    fault: { kind: "status", status: 401, body: { detail: "Not authenticated" } },
  },
  { name: "Drop", meaning: "The connection closes without an answer", fault: { kind: "drop" } },
  {
    name: "Lose the answer",
    meaning: "It is carried out, and the answer is lost: what “recover” is for",
    fault: { kind: "drop", when: "after" },
  },
  {
    name: "Stall",
    meaning: "No answer ever comes: a time limit or Cancel ends it",
    fault: { kind: "stallHeaders" },
  },
  { name: "Delay", meaning: "The answer comes three seconds later", fault: { kind: "delay", ms: 3_000 } },
  { name: "Cut short", meaning: "Half of the JSON", fault: { kind: "truncate" } },
  { name: "Not JSON", meaning: "A web page instead", fault: { kind: "notJson" } },
  {
    name: "Wrong type",
    meaning: "A field of another type than the contract says",
    fault: { kind: "wrongType" },
  },
];

export function Faults() {
  const { act, isBusy, error } = useAct();
  const [operation, setOperation] = useState<OperationName | "">("");
  const [count, setCount] = useState(1);
  const [said, setSaid] = useState("Nothing goes wrong.");
  const add = async ({ name, fault }: Trouble) => {
    const isAdded = await act(async () => {
      await addFault({ ...fault, count, ...(operation && { operation }) });
      return true;
    });
    const what = `The next ${count === 1 ? "request" : `${count} requests`}${operation && ` of ${operation}`}`;
    if (isAdded) setSaid(`${what} will meet: ${name}`);
  };
  return (
    <section class="card">
      <h2>What goes wrong</h2>
      <Field label="With requests of">
        {(described) => (
          <select
            {...described}
            value={operation}
            onChange={(event) => setOperation(event.currentTarget.value as OperationName | "")}
          >
            <option value="">any operation</option>
            {Object.keys(OPERATIONS).map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="How many requests">
        {(described) => (
          <input
            {...described}
            type="number"
            min={1}
            max={100}
            value={count}
            onChange={(event) => setCount(Math.max(1, Math.floor(event.currentTarget.valueAsNumber) || 1))}
          />
        )}
      </Field>
      <ul class="switches">
        {TROUBLES.map((trouble) => (
          <li key={trouble.name}>
            <button type="button" disabled={isBusy} onClick={() => add(trouble)}>
              {trouble.name}
            </button>
            <span class="soft">{trouble.meaning}</span>
          </li>
        ))}
      </ul>
      <div class="bar">
        <p role="status">{said}</p>
        <button type="button" onClick={() => act(clearFaults).then(() => setSaid("Nothing goes wrong."))}>
          Forget faults
        </button>
      </div>
      <Failure error={error} />
    </section>
  );
}
