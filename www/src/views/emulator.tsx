/** Controls the emulator: the account, its plan, the speed and faults. */
import type { EmulatorSettings } from "browser-use-skills/emulator";
import { useEffect } from "preact/hooks";
import { to } from "../lib/routes.js";
import { Choice } from "../parts/choice.js";
import { Failure } from "../parts/failure.js";
import { Field } from "../parts/field.js";
import { useAct } from "../parts/use-act.js";
import { changeSettings, emulatorSettings, readSettings } from "../session/admin.js";
import { clientSettings, isEmulated } from "../session/connection.js";
import { EmulatorState } from "./emulator-state.js";
import { Faults } from "./faults.js";

type Speed = "instant" | "brisk" | "real";

const SPEEDS: Record<Speed, string> = { instant: "Instant", brisk: "Fast", real: "As in the cloud" };

/** Durations of a generation and an execution, in milliseconds. */
const TIMES: Record<Speed, Required<Pick<EmulatorSettings, "generationMs" | "executionMs">>> = {
  instant: { generationMs: 50, executionMs: 5 },
  brisk: { generationMs: 6_000, executionMs: 900 },
  real: { generationMs: 45_000, executionMs: 8_000 },
};

export function EmulatorPanel() {
  const { act, error } = useAct();
  useEffect(() => void act(readSettings), [isEmulated.value]);
  const settings = emulatorSettings.value;
  if (!isEmulated.value) {
    return (
      <>
        <h1>Emulator</h1>
        <div class="empty">
          <p>You are not connected to an emulator.</p>
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
      <header class="head">
        <h1>Emulator</h1>
        <p class="lead">Emulates the cloud. Change its prices and limits, and inject faults.</p>
      </header>
      <Failure error={error} />
      <div class="columns">
        <section class="card">
          <h2>Account and plan</h2>
          {settings && <Account settings={settings} onChange={change} />}
        </section>
        <Faults />
      </div>
      <EmulatorState />
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
        hint={`In US dollars. A creation costs ${settings.createCost}, a run ${settings.executeCost}.`}
        value={settings.credits}
        step="any"
        onChange={(credits) => onChange({ credits })}
      />
      <Amount
        label="Concurrent sessions"
        hint="Further runs and generations get a 429."
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
        hint="Further runs are queued in the client. 0: no limit."
        value={clientSettings.value.maxConcurrent ?? 0}
        onChange={(maxConcurrent) => {
          clientSettings.value = { ...clientSettings.value, maxConcurrent: maxConcurrent || null };
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
          required
          onChange={(event) => {
            const { currentTarget } = event;
            if (currentTarget.reportValidity()) onChange(currentTarget.valueAsNumber);
          }}
        />
      )}
    </Field>
  );
}
