/** Steers the emulator: the account, its plan, its speed, and what goes wrong. */
import type { OperationName } from "browser-use-skills";
import type { EmulatorFault, EmulatorSettings } from "browser-use-skills/emulator";
import { useEffect, useState } from "preact/hooks";
import { to } from "../lib/routes.js";
import { OPERATIONS } from "../lib/words.js";
import { Choice } from "../parts/choice.js";
import { Failure } from "../parts/failure.js";
import { Field } from "../parts/field.js";
import { useAct } from "../parts/use-act.js";
import {
  addFault,
  changeSettings,
  clearFaults,
  emulatorSettings,
  readSettings,
  resetEmulator,
} from "../session/admin.js";
import { clientSettings, isEmulated } from "../session/connection.js";
import { forgetRuns } from "../session/runs.js";
import { forgetSkills } from "../session/skills.js";

type Speed = "instant" | "brisk" | "real";

const SPEEDS: Record<Speed, string> = { instant: "At once", brisk: "Brisk", real: "As in the cloud" };

/** How long a generation and an execution take, in milliseconds. */
const TIMES: Record<Speed, Required<Pick<EmulatorSettings, "generationMs" | "executionMs">>> = {
  instant: { generationMs: 50, executionMs: 5 },
  brisk: { generationMs: 6_000, executionMs: 900 },
  real: { generationMs: 45_000, executionMs: 8_000 },
};

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

export function EmulatorPanel() {
  const { act, isBusy, error } = useAct();
  useEffect(() => void act(readSettings), [isEmulated.value]);
  const settings = emulatorSettings.value;
  if (!isEmulated.value) {
    return (
      <>
        <h1>Emulator</h1>
        <div class="empty">
          <p>You are connected to something real: there is nothing to steer.</p>
          <a class="button" href={to(["connect"])}>
            Connect to the emulator
          </a>
        </div>
      </>
    );
  }
  const change = (changed: EmulatorSettings) => act(() => changeSettings(changed));
  return (
    <>
      <header class="head with-actions">
        <div>
          <h1>Emulator</h1>
          <p class="lead">
            A stand-in for the cloud. Its prices and limits are its own; set them, and break things.
          </p>
        </div>
        <button
          type="button"
          disabled={isBusy}
          onClick={() =>
            act(async () => {
              await resetEmulator();
              forgetRuns();
              forgetSkills();
            })
          }
        >
          Begin anew
        </button>
      </header>
      <Failure error={error} />
      <div class="columns">
        <section class="card">
          <h2>Account and plan</h2>
          {settings && <Account settings={settings} onChange={change} />}
        </section>
        <Faults />
      </div>
    </>
  );
}

interface AccountProps {
  settings: Required<EmulatorSettings>;
  onChange(change: EmulatorSettings): void;
}

function Account({ settings, onChange }: AccountProps) {
  const speed = (Object.keys(TIMES) as Speed[]).find(
    (name) =>
      TIMES[name].generationMs === settings.generationMs && TIMES[name].executionMs === settings.executionMs,
  );
  return (
    <>
      <Amount
        label="Credits"
        hint={`In dollars. A creation costs ${settings.createCost}, a run ${settings.executeCost}.`}
        value={settings.credits}
        step="any"
        onChange={(credits) => onChange({ credits })}
      />
      <Amount
        label="Sessions at once"
        hint="Runs and generations beyond it are refused with 429."
        value={settings.maxSessions}
        onChange={(maxSessions) => onChange({ maxSessions })}
      />
      <Amount
        label="Enabled skills"
        hint="The plan's limit."
        value={settings.maxEnabledSkills}
        onChange={(maxEnabledSkills) => onChange({ maxEnabledSkills })}
      />
      <Amount
        label="The client's maxConcurrent"
        hint="Runs beyond it wait in the client. 0: no limit."
        value={clientSettings.value.maxConcurrent ?? 0}
        onChange={(most) => {
          clientSettings.value = { ...clientSettings.value, maxConcurrent: most || null };
        }}
      />
      <div class="field">
        <span class="label" aria-hidden="true">
          Speed
        </span>
        <Choice
          label="Speed"
          options={SPEEDS}
          value={speed ?? ("" as Speed)}
          onChange={(name) => onChange(TIMES[name])}
        />
        <p class="hint">
          A generation takes {settings.generationMs} ms, a run {settings.executionMs} ms.
        </p>
      </div>
    </>
  );
}

interface AmountProps {
  label: string;
  hint: string;
  value: number;
  step?: "any";
  onChange(value: number): void;
}

function Amount({ label, hint, value, step, onChange }: AmountProps) {
  return (
    <Field label={label} hint={hint}>
      {(described) => (
        <input
          {...described}
          type="number"
          min={0}
          step={step ?? 1}
          value={value}
          onChange={(event) => {
            const { valueAsNumber } = event.currentTarget;
            if (valueAsNumber >= 0) onChange(valueAsNumber);
          }}
        />
      )}
    </Field>
  );
}

function Faults() {
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
