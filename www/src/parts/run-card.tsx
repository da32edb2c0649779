/** Shows the state and the result of one run. */
import { duration, time } from "../lib/format.js";
import { cancel, type Run, start } from "../session/runs.js";
import { Boundary } from "./boundary.js";
import { Failure } from "./failure.js";
import { Result } from "./result.js";
import { Scroll } from "./scroll.js";
import { Elapsed } from "./status.js";

const STATES: Record<Run["state"], string> = {
  running: "Running",
  done: "Succeeded",
  failed: "Failed",
  cancelled: "Cancelled",
};

interface RunCardProps {
  run: Run;
  skill: { title: string; outputSchema: Record<string, unknown> };
  isOpen: boolean;
}

export function RunCard({ run, skill, isOpen }: RunCardProps) {
  const { state, execution, error, startedAt, endedAt } = run;
  return (
    <details class="card run" data-run={state} open={isOpen}>
      <summary>
        <span class="status" data-status={state} role="status">
          {STATES[state]}
        </span>
        <span class="soft figure">
          {time(startedAt)} ·{" "}
          {state === "running" ? <Elapsed since={startedAt} /> : duration((endedAt ?? 0) - startedAt)}
        </span>
        {run.isResumed && <span class="tag">resumed</span>}
        {execution?.recovered && <span class="tag">recovered</span>}
      </summary>
      {state === "running" && <Running run={run} />}
      {state === "cancelled" && (
        <p>You stopped waiting. The execution may continue and cost credits: check the history.</p>
      )}
      <Failure error={error} />
      {execution && !execution.success && (
        <div class="failure" role="alert" data-error="skill_execution">
          <p class="title">The skill ran and failed</p>
          <p>{execution.error ?? "It gives no reason."}</p>
          {execution.stderr && (
            <Scroll label="Log of the skill">
              <pre>{execution.stderr}</pre>
            </Scroll>
          )}
          <p class="next">Check the parameters, or refine the skill with this log.</p>
        </div>
      )}
      {execution?.success && (
        <Boundary>
          <Result execution={execution} skill={skill} />
        </Boundary>
      )}
      {state !== "running" && run.parameters && (
        <div class="actions">
          <button type="button" onClick={() => again(run)}>
            Run again
          </button>
        </div>
      )}
    </details>
  );
}

function Running({ run }: { run: Run }) {
  return (
    <div class="running">
      <progress aria-label="Running" />
      <button type="button" onClick={() => cancel(run)}>
        Cancel
      </button>
    </div>
  );
}

function again({ skillId, isOwn, parameters, sessionId }: Run): void {
  if (parameters) start({ skillId, isOwn, parameters, sessionId, recover: isOwn });
}
