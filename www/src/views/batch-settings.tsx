import { Field } from "../parts/field.js";
import type { BatchSettings } from "../session/batches.js";

const MAX_CONCURRENCY = 50;
const MAX_RETRIES = 10;

interface BatchSettingsProps {
  settings: BatchSettings;
  onChange(settings: BatchSettings): void;
}

/** What a batch may run at once, and what it may cost. */
export function BatchSettingsFields({ settings, onChange }: BatchSettingsProps) {
  return (
    <div class="filters">
      <Field label="Rows at once" hint="The client's limit of concurrent calls applies too.">
        {(described) => (
          <input
            {...described}
            type="number"
            min={1}
            max={MAX_CONCURRENCY}
            value={settings.concurrency}
            onChange={({ currentTarget }) =>
              onChange({ ...settings, concurrency: whole(currentTarget.valueAsNumber, 1, MAX_CONCURRENCY) })
            }
          />
        )}
      </Field>
      <Field label="Budget (optional)" hint="Maximum number of executions. Never exceeded.">
        {(described) => (
          <input
            {...described}
            type="number"
            min={1}
            placeholder="no limit"
            value={settings.budget ?? ""}
            onChange={({ currentTarget }) => {
              const { value, valueAsNumber } = currentTarget;
              onChange({
                ...settings,
                budget: value === "" ? null : whole(valueAsNumber, 1, Number.MAX_SAFE_INTEGER),
              });
            }}
          />
        )}
      </Field>
      <Field label="Retries of a failed row" hint="Each retry is an execution.">
        {(described) => (
          <input
            {...described}
            type="number"
            min={0}
            max={MAX_RETRIES}
            value={settings.retryFailed}
            onChange={({ currentTarget }) =>
              onChange({ ...settings, retryFailed: whole(currentTarget.valueAsNumber, 0, MAX_RETRIES) })
            }
          />
        )}
      </Field>
    </div>
  );
}

function whole(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, Math.floor(value) || min));
}
