/** Injects faults into the next requests to the emulator. */
import type { OperationName } from "browser-use-skills";
import type { EmulatorFault } from "browser-use-skills/emulator";
import { useEffect, useState } from "preact/hooks";
import { count as counted } from "../lib/format.js";
import { OPERATIONS } from "../lib/labels.js";
import { Failure } from "../parts/failure.js";
import { Field } from "../parts/field.js";
import { useAct } from "../parts/use-act.js";
import { addFault, clearFaults, readFaults } from "../session/admin.js";

type FaultPreset = { name: string; description: string; fault: EmulatorFault };

const PRESETS: readonly FaultPreset[] = [
  {
    name: "429 throttle",
    description: "Too many requests; retry after a second",
    fault: {
      kind: "status",
      status: 429,
      retryAfter: "1",
      body: { detail: "Rate limit exceeded", retry_after_seconds: 1, limit_rps: 10 },
    },
  },
  {
    name: "503 busy",
    description: "Unavailable; retry after a second",
    fault: { kind: "status", status: 503, retryAfter: "1" },
  },
  { name: "500 error", description: "The server fails", fault: { kind: "status", status: 500 } },
  {
    name: "401",
    description: "The key is rejected",
    fault: { kind: "status", status: 401, body: { detail: "Not authenticated" } },
  },
  { name: "Drop", description: "The connection breaks before the response", fault: { kind: "drop" } },
  {
    name: "Lose the response",
    description: "The operation runs, but its response is lost: see “recover”",
    fault: { kind: "drop", when: "after" },
  },
  {
    name: "Stall",
    description: "The response never arrives, until a timeout or Cancel",
    fault: { kind: "stallHeaders" },
  },
  {
    name: "Delay",
    description: "The response arrives three seconds later",
    fault: { kind: "delay", ms: 3_000 },
  },
  { name: "Cut short", description: "The JSON is truncated", fault: { kind: "truncate" } },
  { name: "Not JSON", description: "An HTML page", fault: { kind: "notJson" } },
  {
    name: "Wrong type",
    description: "A field with the wrong type",
    fault: { kind: "wrongType" },
  },
];

const NONE = "No faults.";

export function Faults() {
  const { act, isBusy, error } = useAct();
  const [operation, setOperation] = useState<OperationName | "">("");
  const [count, setCount] = useState(1);
  const [message, setMessage] = useState(NONE);
  // Faults may be pending from before a reload.
  useEffect(() => {
    const show = ({ length }: EmulatorFault[]) => {
      if (length > 0)
        setMessage((shown) => (shown === NONE ? `${counted(length, "fault")} pending.` : shown));
    };
    readFaults().then(show, () => {});
  }, []);
  const add = async ({ name, fault }: FaultPreset) => {
    const isAdded = await act(async () => {
      await addFault({ ...fault, count, ...(operation && { operation }) });
      return true;
    });
    const target = `The next ${count === 1 ? "request" : `${count} requests`}${operation && ` of ${operation}`}`;
    if (isAdded) setMessage(`${target} will fail: ${name}`);
  };
  return (
    <section class="card">
      <h2>Faults</h2>
      <Field label="Operation">
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
      <Field label="Number of requests">
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
        {PRESETS.map((preset) => (
          <li key={preset.name}>
            <button type="button" aria-disabled={isBusy} onClick={() => add(preset)}>
              {preset.name}
            </button>
            <span class="soft">{preset.description}</span>
          </li>
        ))}
      </ul>
      <div class="bar">
        <p role="status">{message}</p>
        <button type="button" onClick={() => act(clearFaults).then(() => setMessage(NONE))}>
          Clear faults
        </button>
      </div>
      <Failure error={error} />
    </section>
  );
}
