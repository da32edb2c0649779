/** The executions of a skill. */
import type { Execution, SkillExecutionView, SkillResponse } from "browser-use-skills";
import { useState } from "preact/hooks";
import { count, dateTime, duration } from "../lib/format.js";
import { route, to } from "../lib/routes.js";
import { whyNotRunnable } from "../lib/runnable.js";
import { useLoad } from "../lib/use-load.js";
import { Boundary } from "../parts/boundary.js";
import { Code } from "../parts/code.js";
import { Failure } from "../parts/failure.js";
import { LatencyChart } from "../parts/latency-chart.js";
import { LatencyHistogram } from "../parts/latency-histogram.js";
import { Loading } from "../parts/loading.js";
import { Pager } from "../parts/pager.js";
import { Result } from "../parts/result.js";
import { useAct } from "../parts/use-act.js";
import { client, plainFetch } from "../session/connection.js";
import { runs, start } from "../session/runs.js";

const PAGE_SIZE = 25;

export function History({ skill }: { skill: SkillResponse }) {
  const pageNumber = Math.max(1, Math.floor(Number(route.value.query.get("page"))) || 1);
  const ended = runs.value.filter(({ skillId, endedAt }) => skillId === skill.id && endedAt).length;
  const { data, error, isLoading, reload } = useLoad(
    (signal) => client.value.skills.executions(skill.id, { pageNumber, pageSize: PAGE_SIZE }, { signal }),
    [client.value, pageNumber, ended],
  );
  const latencies = (data?.items ?? []).flatMap(({ latencyMs }) => latencyMs ?? []);
  const last = runs.value.find(({ skillId, parameters }) => skillId === skill.id && parameters);
  return (
    <>
      <section class="card">
        <div class="bar">
          <h2>Executions</h2>
          <span class="bar">
            {last?.parameters && (
              <button
                type="button"
                disabled={whyNotRunnable(skill) !== undefined}
                onClick={() => start({ ...last, parameters: last.parameters ?? {}, recover: true })}
              >
                Repeat the last run
              </button>
            )}
            <button type="button" onClick={reload}>
              Reload
            </button>
          </span>
        </div>
        <p class="soft" role="status">
          {data ? count(data.totalItems, "execution") : "Loading…"}
        </p>
        <Loading when={isLoading} label="Loading the history" />
        <Failure error={error} />
        {data && data.items.length === 0 && (
          <div class="empty">
            <p>No executions yet.</p>
            <a class="button" href={to(["skill", skill.id, "run"])}>
              Run it
            </a>
          </div>
        )}
        {data && data.items.length > 0 && (
          <>
            <LatencyChart executions={data.items} />
            {latencies.length > 1 && <LatencyHistogram latencies={latencies} />}
            <ul class="executions">
              {data.items.map((execution) => (
                <Row key={execution.id} execution={execution} skill={skill} />
              ))}
            </ul>
            <Pager page={data} href={(page) => to(["skill", skill.id, "history"], { page })} />
          </>
        )}
      </section>
      <Code action={{ is: "executions", id: skill.id }} />
    </>
  );
}

function Row({ execution, skill }: { execution: SkillExecutionView; skill: SkillResponse }) {
  const { id, status, success, startedAt, latencyMs, hasOutput } = execution;
  const [output, setOutput] = useState<Execution>();
  const [isOpen, setOpen] = useState(false);
  const { act, isBusy, error } = useAct();
  const fetchOutput = async () => {
    const found = await act(async () => {
      const { downloadUrl } = await client.value.skills.executionOutput(skill.id, id);
      // The URL is itself a secret: the key is not sent.
      const response = await plainFetch.value(downloadUrl, {
        method: "GET",
        headers: {},
        signal: AbortSignal.timeout(60_000),
        redirect: "error",
        referrerPolicy: "no-referrer",
      });
      const text = await response.text();
      if (response.status !== 200)
        throw new Error(`Fetching the output failed with status ${response.status}`);
      return { success, result: JSON.parse(text), latencyMs } satisfies Execution;
    });
    if (found) setOutput(found);
    else setOpen(false);
  };
  const toggle = () => {
    setOpen(!isOpen);
    if (!isOpen && !output) void fetchOutput();
  };
  return (
    <li>
      <div class="bar">
        <span class="status" data-status={status}>
          {status}
        </span>
        <span class="figure">{dateTime(startedAt)}</span>
        <span class="figure">{latencyMs === null ? "–" : duration(latencyMs)}</span>
        {hasOutput ? (
          <button type="button" class="quiet" aria-expanded={isOpen} aria-disabled={isBusy} onClick={toggle}>
            {isOpen && output ? "Close" : "Output"}
            <span class="unseen"> of {dateTime(startedAt)}</span>
          </button>
        ) : (
          <span class="soft">no output</span>
        )}
      </div>
      <Failure error={error} />
      {isOpen && output && (
        <Boundary>
          <Result execution={output} skill={skill} />
        </Boundary>
      )}
    </li>
  );
}
