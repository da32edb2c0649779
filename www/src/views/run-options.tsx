import { useState } from "preact/hooks";
import { Field } from "../parts/field.js";
import { client } from "../session/connection.js";
import { toast } from "../session/toasts.js";

export interface RunOptions {
  sessionId: string;
  recover: boolean;
  repeat: number;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MAX_REPEATS = 10;

export function sessionIdProblem(text: string): string | undefined {
  return text === "" || UUID.test(text) ? undefined : "This is not a UUID";
}

interface OptionsProps {
  isOwn: boolean;
  options: RunOptions;
  onChange(options: RunOptions): void;
}

/** Options of a run, besides its parameters. */
export function Options({ isOwn, options, onChange }: OptionsProps) {
  const [isStarting, setStarting] = useState(false);
  const startSession = async () => {
    setStarting(true);
    try {
      const { id } = await client.peek().sessions.create();
      onChange({ ...options, sessionId: id });
    } catch (error) {
      toast(`The session was not started: ${error instanceof Error ? error.message : error}`);
    } finally {
      setStarting(false);
    }
  };
  return (
    <details class="more">
      <summary>Options</summary>
      <Field
        label="Session id"
        hint="Runs in one session use the same IP address. A session counts against the plan until it is stopped."
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
            <button type="button" aria-disabled={isStarting} onClick={() => isStarting || startSession()}>
              New
            </button>
          </span>
        )}
      </Field>
      <Field label="Number of runs" hint="Several concurrent runs show how the client queues calls.">
        {(described) => (
          <input
            {...described}
            type="number"
            min={1}
            max={MAX_REPEATS}
            value={options.repeat}
            onChange={(event) => {
              const repeat = Math.min(
                MAX_REPEATS,
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
            Recover a lost response
            <span class="hint">Runs of one skill then start one at a time.</span>
          </span>
        </label>
      )}
    </details>
  );
}
