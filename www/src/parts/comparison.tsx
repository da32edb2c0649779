/** Two runs beside each other: what differs in their parameters and results. */
import type { ParameterSchema } from "browser-use-skills";
import { useState } from "preact/hooks";
import { duration, time } from "../lib/format.js";
import { masked } from "../lib/parameters.js";
import type { Run } from "../session/runs.js";
import { Differences } from "./differences.js";

interface ComparisonProps {
  /** Finished runs, newest first; at least two. */
  runs: readonly Run[];
  schema: readonly ParameterSchema[];
}

export function Comparison({ runs, schema }: ComparisonProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="card compare" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Compare two runs</summary>
      {isOpen && <Compared runs={runs} schema={schema} />}
    </details>
  );
}

function Compared({ runs, schema }: ComparisonProps) {
  const [ids, setIds] = useState<readonly [number?, number?]>([]);
  const find = (id: number | undefined, fallback: number) =>
    runs.find((run) => run.id === id) ?? runs[fallback];
  const [one, other] = [find(ids[0], 1), find(ids[1], 0)];
  if (!one || !other) return null;
  const side = (run: Run) => ({
    parameters: masked(schema, run.parameters ?? {}),
    result: run.execution?.result,
  });
  return (
    <>
      <div class="filters">
        <Choose label="First run" runs={runs} chosen={one} onChoose={(id) => setIds([id, other.id])} />
        <Choose label="Second run" runs={runs} chosen={other} onChoose={(id) => setIds([one.id, id])} />
      </div>
      <Differences
        one={side(one)}
        other={side(other)}
        names={["First run", "Second run"]}
        none="The parameters and the results are equal."
      />
    </>
  );
}

interface ChooseProps {
  label: string;
  runs: readonly Run[];
  chosen: Run;
  onChoose(id: number): void;
}

function Choose({ label, runs, chosen, onChoose }: ChooseProps) {
  return (
    <label>
      <span>{label}</span>
      <select value={chosen.id} onChange={(event) => onChoose(Number(event.currentTarget.value))}>
        {runs.map(({ id, startedAt, endedAt = startedAt }) => (
          <option key={id} value={id}>
            {time(startedAt)} · {duration(endedAt - startedAt)}
          </option>
        ))}
      </select>
    </label>
  );
}
