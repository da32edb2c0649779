import { Field } from "../parts/field.js";

export interface RunOptions {
  sessionId: string;
  recover: boolean;
  repeat: number;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MOST_REPEATS = 10;

export function sessionIdProblem(text: string): string | undefined {
  return text === "" || UUID.test(text) ? undefined : "This is no UUID";
}

interface OptionsProps {
  isOwn: boolean;
  options: RunOptions;
  onChange(options: RunOptions): void;
}

/** What one run may ask for besides its parameters. */
export function Options({ isOwn, options, onChange }: OptionsProps) {
  return (
    <details class="more">
      <summary>Options</summary>
      <Field
        label="Session id"
        hint="Runs of one session come from the same IP address."
        problem={sessionIdProblem(options.sessionId)}
      >
        {(described) => (
          <span class="with-button">
            <input
              {...described}
              class="mono"
              value={options.sessionId}
              placeholder="none"
              onInput={(event) => onChange({ ...options, sessionId: event.currentTarget.value.trim() })}
            />
            <button type="button" onClick={() => onChange({ ...options, sessionId: crypto.randomUUID() })}>
              New
            </button>
          </span>
        )}
      </Field>
      <Field label="How often" hint="Several at once show how the client waits for the plan's limit.">
        {(described) => (
          <input
            {...described}
            type="number"
            min={1}
            max={MOST_REPEATS}
            value={options.repeat}
            onChange={(event) => {
              const repeat = Math.min(
                MOST_REPEATS,
                Math.max(1, Math.floor(event.currentTarget.valueAsNumber) || 1),
              );
              onChange({ ...options, repeat });
            }}
          />
        )}
      </Field>
      {isOwn && (
        <label class="check">
          <input
            type="checkbox"
            checked={options.recover}
            onChange={(event) => onChange({ ...options, recover: event.currentTarget.checked })}
          />
          <span>
            Find the answer again if it is lost
            <span class="hint">Runs of one skill then go one after the other.</span>
          </span>
        </label>
      )}
    </details>
  );
}
