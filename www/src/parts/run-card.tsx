/** Shows the state and the result of one run. */
import type { ParameterSchema } from "browser-use-skills";
import { duration, shortened, time } from "../lib/format.js";
import { masked } from "../lib/parameters.js";
import { cell } from "../lib/result.js";
import { delaysOf, type Now, nowOf } from "../lib/story.js";
import { clientSettings } from "../session/connection.js";
import { cancel, type Run, start } from "../session/runs.js";
import { Boundary } from "./boundary.js";
import { Failure } from "./failure.js";
import { Result } from "./result.js";
import { Scroll } from "./scroll.js";
import { Elapsed } from "./status.js";
import { useNow } from "./use-now.js";

const STATES: Record<Run["state"], string> = {
  running: "Running",
  done: "Succeeded",
  failed: "Failed",
  cancelled: "Cancelled",
};

/** Characters of a parameter that are shown. */
const MAX_GIVEN = 120;

interface RunCardProps {
  run: Run;
  skill: { title: string; parameters: ParameterSchema[]; outputSchema: Record<string, unknown> };
  isOpen: boolean;
  /** Why the skill cannot run now. */
  blocked?: string | undefined;
  /** Fills in the form. */
  onUse(parameters: Record<string, unknown>): void;
}

export function RunCard({ run, skill, isOpen, blocked, onUse }: RunCardProps) {
  const { state, execution, error, startedAt, endedAt, parameters, steps } = run;
  const now = nowOf(steps, clientSettings.value.maxRetries);
  const given = Object.entries(masked(skill.parameters, parameters ?? {}));
  const delays = endedAt === undefined ? [] : delaysOf(steps, endedAt);
  return (
    <details class="card run" data-run={state} open={isOpen}>
      <summary>
        <span class="status" data-status={state} role="status">
          {state === "running" ? now.state : STATES[state]}
        </span>
        <span class="soft figure">
          {time(startedAt)} ·{" "}
          {state === "running" ? <Elapsed since={startedAt} /> : duration((endedAt ?? 0) - startedAt)}
        </span>
        {run.isResumed && <span class="tag">resumed</span>}
        {execution?.recovered && (
          <span class="tag" data-tag="recovered">
            recovered
          </span>
        )}
        {state === "running" && <Waiting now={now} />}
        {given.length > 0 && (
          <span class="given">
            {given.map(([name, value]) => (
              <span key={name}>
                <span class="soft">{name}</span> {shortened(cell(value), MAX_GIVEN)}
              </span>
            ))}
          </span>
        )}
      </summary>
      {state === "running" && <Running run={run} />}
      {delays.length > 0 && (
        <ol class="story">
          {delays.map((line, index) => (
            <li key={index}>{line}</li>
          ))}
        </ol>
      )}
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
          <button type="button" disabled={blocked !== undefined} onClick={() => again(run)}>
            Run again
          </button>
          {skill.parameters.length > 0 && (
            <button type="button" onClick={() => onUse(run.parameters ?? {})}>
              Use these parameters
            </button>
          )}
        </div>
      )}
    </details>
  );
}

/** What a running call waits for, with a countdown if its end is known. */
function Waiting({ now: { text, until } }: { now: Now }) {
  return (
    <span class="waiting">
      {text}
      {until !== undefined && <Countdown until={until} />}
    </span>
  );
}

function Countdown({ until }: { until: number }) {
  useNow(true);
  return <span class="figure">{` in ${(Math.max(0, until - Date.now()) / 1000).toFixed(1)} s`}</span>;
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
