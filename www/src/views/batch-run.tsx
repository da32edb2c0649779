/** A batch that was started: its progress, its results and what can be done with it. */
import type { SkillResponse } from "browser-use-skills";
import type { BatchProgress, BatchResult, PauseReason } from "browser-use-skills/batch";
import { useMemo, useState } from "preact/hooks";
import { batchCsv, batchNdjson, shownTable } from "../lib/batch-results.js";
import { download, fileName } from "../lib/export.js";
import { count, dateTime, duration } from "../lib/format.js";
import type { Row } from "../lib/read-rows.js";
import { to } from "../lib/routes.js";
import { Choice } from "../parts/choice.js";
import { Failure } from "../parts/failure.js";
import { Rows } from "../parts/rows.js";
import { useAct } from "../parts/use-act.js";
import {
  type BatchSettings,
  type BatchState,
  cancelBatch,
  continueBatch,
  pauseBatch,
  removeBatch,
} from "../session/batches.js";
import { BatchSettingsFields } from "./batch-settings.js";

const REASONS: Record<PauseReason, string> = {
  caller: "Paused",
  budget: "Paused: the budget is used up. Cancel, raise it and continue",
  credits: "Paused: the account has too few credits",
  authentication: "Paused: the API key was rejected",
  skill: "Paused: the skill is missing, disabled or not finished",
  network: "Paused: the network or the server has failed repeatedly",
  journal: "Paused: the journal cannot be written",
  store: "Paused: the results cannot be stored",
};

interface BatchRunProps {
  skill: SkillResponse;
  state: BatchState;
  blocked: string | undefined;
}

export function BatchRun({ skill, state, blocked }: BatchRunProps) {
  const { definition, isRunning, progress, results, error } = state;
  const { rows, columns, isEnded } = definition;
  const [settings, setSettings] = useState<BatchSettings>({
    concurrency: definition.concurrency,
    budget: definition.budget,
    retryFailed: definition.retryFailed,
  });
  const acting = useAct();
  const isPaused = isRunning && progress?.paused !== undefined;
  const ended = progress ? progress.done + progress.failed + progress.rejected + progress.unknown : 0;
  const save = (ending: string, type: string, text: string) =>
    download(fileName(`${skill.title} batch`, ending), type, text);
  return (
    <>
      <section
        class="card"
        data-batch={isEnded ? "ended" : isPaused ? "paused" : isRunning ? "running" : "stopped"}
      >
        <div class="bar">
          <h2>Batch of {count(rows.length, "row")}</h2>
          <span role="status">{stateOf(state, isPaused)}</span>
        </div>
        {progress && (
          <>
            <progress aria-label="Rows that have ended" max={rows.length} value={ended} />
            <Figures progress={progress} />
          </>
        )}
        <Failure error={error} />
        <Failure error={acting.error} />
        {!isRunning && !isEnded && (
          <>
            <p>
              Continue restores the results. Rows that have ended are not run again, and no row is paid for
              twice.
            </p>
            <BatchSettingsFields settings={settings} onChange={setSettings} />
          </>
        )}
        <div class="actions">
          {!isEnded && (!isRunning || isPaused) && (
            <button
              type="button"
              class="primary"
              disabled={blocked !== undefined}
              onClick={() => acting.act(() => continueBatch(skill, settings))}
            >
              Continue
            </button>
          )}
          {isRunning && !isPaused && !isEnded && (
            <button type="button" onClick={() => pauseBatch(skill.id)}>
              Pause
            </button>
          )}
          {isRunning && !isEnded && (
            <button type="button" onClick={() => acting.act(() => cancelBatch(skill.id))}>
              Cancel
            </button>
          )}
          {!isRunning && (
            <button type="button" onClick={() => acting.act(() => removeBatch(skill.id))}>
              {isEnded ? "New batch" : "Remove"}
            </button>
          )}
          {results.length > 0 && (
            <>
              <button type="button" onClick={() => save("csv", "text/csv", batchCsv(results, columns))}>
                CSV file
              </button>
              <button
                type="button"
                onClick={() => save("ndjson", "application/x-ndjson", batchNdjson(results))}
              >
                NDJSON file
              </button>
            </>
          )}
        </div>
        {blocked && !isEnded && <p role="status">{blocked}.</p>}
      </section>
      {results.length > 0 && <Results skillId={skill.id} results={results} columns={columns} />}
    </>
  );
}

function stateOf({ definition, isRunning, progress }: BatchState, isPaused: boolean): string {
  if (definition.isEnded) return isRunning ? "Loading the results" : "All rows have ended";
  if (isPaused) return progress?.paused ? REASONS[progress.paused] : "Paused";
  if (!isRunning) return "Stopped";
  return progress?.isFollowing ? "Running in another tab" : "Running";
}

function Figures({ progress }: { progress: BatchProgress }) {
  const figures: [string, number | string][] = [
    ["Done", progress.done],
    ["Failed", progress.failed],
    ["Unknown", progress.unknown],
    ["Rejected", progress.rejected],
    ["Running", progress.running],
    ["Queued", progress.queued],
    ["Executions", progress.executions],
    ["Per minute", progress.ratePerMinute ? Math.round(progress.ratePerMinute) : "–"],
    ["Time left", progress.secondsLeft ? duration(progress.secondsLeft * 1000) : "–"],
  ];
  return (
    <dl class="facts tiles figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{typeof value === "number" ? value.toLocaleString("en") : value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface ResultsProps {
  skillId: string;
  results: readonly BatchResult<Row>[];
  columns: readonly string[];
}

const FILTERS = { all: "All", done: "Done", failed: "Failed", unknown: "Unknown", rejected: "Rejected" };

function Results({ skillId, results, columns }: ResultsProps) {
  const [filter, setFilter] = useState<keyof typeof FILTERS>("all");
  const shown = useMemo(
    () => (filter === "all" ? results : results.filter(({ status }) => status === filter)),
    [results, filter],
  );
  const table = useMemo(() => shownTable(shown, columns), [shown, columns]);
  const uncertain = shown.filter(({ status }) => status === "unknown");
  return (
    <section class="card">
      <h2>Results</h2>
      <div>
        <Choice label="Rows" options={FILTERS} value={filter} onChange={setFilter} />
      </div>
      {shown.length > 0 ? (
        <Rows table={table} label="Results of the rows" />
      ) : (
        <p class="soft">No row has this status.</p>
      )}
      {filter === "unknown" &&
        uncertain.map(({ index, error, candidates = [] }) => (
          <div key={index} class="failure">
            <p class="title">Row {index + 1}</p>
            <p>{error?.message}</p>
            {candidates.length > 0 && (
              <ul>
                {candidates.map(({ id, status, startedAt }) => (
                  <li key={id}>
                    <code>{id}</code> {status} · {dateTime(startedAt)}
                  </li>
                ))}
              </ul>
            )}
            <a href={to(["skill", skillId, "history"])}>Compare with the history</a>
          </div>
        ))}
    </section>
  );
}
