/** Makes a new version from feedback; the last run's output and log go along. */
import type { SkillResponse } from "browser-use-skills";
import { useState } from "preact/hooks";
import { go, to } from "../lib/routes.js";
import { isUnderWay } from "../lib/words.js";
import { Code } from "../parts/code.js";
import { Failure } from "../parts/failure.js";
import { Field, fits, TextField } from "../parts/field.js";
import { useAct } from "../parts/use-act.js";
import { client } from "../session/connection.js";
import { runs } from "../session/runs.js";
import { take } from "../session/skills.js";

const LIMIT = "RefineSkillRequest.feedback";
/** An agent reads it: the beginning will do. */
const MOST_OUTPUT = 10_000;

/** What the last run of this skill left, for the agent to look at. */
function lastRun(id: string): { output: string; log: string } {
  const run = runs.peek().find(({ skillId, execution, error }) => skillId === id && (execution || error));
  const { result, error, stderr } = run?.execution ?? {};
  const output =
    result === undefined || result === null ? "" : JSON.stringify(result, null, 2).slice(0, MOST_OUTPUT);
  const log = [error, stderr, run?.error instanceof Error ? run.error.message : undefined];
  return { output, log: log.filter(Boolean).join("\n") };
}

export function Refine({ skill }: { skill: SkillResponse }) {
  const [last] = useState(() => lastRun(skill.id));
  const [feedback, setFeedback] = useState("");
  const [output, setOutput] = useState(last.output);
  const [log, setLog] = useState(last.log);
  const { act, isBusy, error } = useAct();
  const body = { feedback, testOutput: output || undefined, testLogs: log || undefined };
  const submit = async (event: Event) => {
    event.preventDefault();
    const { skills } = client.value;
    const refined = await act(async () => {
      const { id } = await skills.refine(skill.id, body);
      return skills.get(id);
    });
    if (refined) go(to(["skill", take(refined).id]));
  };
  return (
    <>
      <form class="card" onSubmit={submit} aria-label="Refinement">
        <h2>What is to become better</h2>
        <p class="soft">A refinement is free and makes version {(skill.currentVersion ?? 0) + 1}.</p>
        <TextField
          label="Feedback"
          name="feedback"
          limit={LIMIT}
          rows={4}
          required
          value={feedback}
          onInput={setFeedback}
        />
        <Field
          label="Output of the last run (optional)"
          hint={
            last.output
              ? "Filled in from the last run in this page."
              : "Run the skill, and its output is here."
          }
        >
          {(described) => (
            <textarea
              {...described}
              class="mono"
              rows={5}
              value={output}
              onInput={(event) => setOutput(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field
          label="Log of the last run (optional)"
          hint={
            last.log ? "Filled in from the last run in this page." : "What a run that fails logs is here."
          }
        >
          {(described) => (
            <textarea
              {...described}
              class="mono"
              rows={3}
              value={log}
              onInput={(event) => setLog(event.currentTarget.value)}
            />
          )}
        </Field>
        <div class="actions">
          <button
            type="submit"
            class="primary"
            disabled={isBusy || !fits(LIMIT, feedback) || isUnderWay(skill.status)}
          >
            Refine
          </button>
          {isUnderWay(skill.status) && <span class="soft">A version is being made already.</span>}
        </div>
        <Failure error={error} />
      </form>
      <Code action={{ is: "refine", id: skill.id, body }} />
    </>
  );
}
