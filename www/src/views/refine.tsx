/** Creates a new version from feedback, with the output and log of the last run. */
import type { SkillResponse } from "browser-use-skills";
import { useState } from "preact/hooks";
import { isInProgress } from "../lib/labels.js";
import { go, to } from "../lib/routes.js";
import { Code } from "../parts/code.js";
import { Failure } from "../parts/failure.js";
import { Field, fits, TextField } from "../parts/field.js";
import { useAct } from "../parts/use-act.js";
import { client } from "../session/connection.js";
import { feedbacks } from "../session/draft.js";
import { runs } from "../session/runs.js";
import { cacheSkill } from "../session/skills.js";

const LIMIT = "RefineSkillRequest.feedback";
/** The feedback in the code that is shown, until the user has written one. */
const EXAMPLE = "Read the dates too, and return them.";
/** Characters of the output sent to the agent, for which the beginning is sufficient. */
const MAX_OUTPUT = 10_000;

/** Returns the output and log of the skill's last run, for the agent. */
function lastRun(id: string): { output: string; log: string } {
  const run = runs.peek().find(({ skillId, execution, error }) => skillId === id && (execution || error));
  const { result, error, stderr } = run?.execution ?? {};
  const output =
    result === undefined || result === null ? "" : JSON.stringify(result, null, 2).slice(0, MAX_OUTPUT);
  const log = [error, stderr, run?.error instanceof Error ? run.error.message : undefined];
  return { output, log: log.filter(Boolean).join("\n") };
}

export function Refine({ skill }: { skill: SkillResponse }) {
  const [last] = useState(() => lastRun(skill.id));
  const feedback = feedbacks.value[skill.id] ?? "";
  const setFeedback = (text: string) => {
    feedbacks.value = { ...feedbacks.value, [skill.id]: text };
  };
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
    if (!refined) return;
    const { [skill.id]: _, ...others } = feedbacks.value;
    feedbacks.value = others;
    go(to(["skill", cacheSkill(refined).id]));
  };
  return (
    <>
      <form class="card" onSubmit={submit} aria-label="Refinement">
        <h2>Refine the skill</h2>
        <p class="soft">A refinement is free and creates version {(skill.currentVersion ?? 0) + 1}.</p>
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
            last.output ? "Filled in from the last run in this page." : "Run the skill to fill in its output."
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
          hint={last.log ? "Filled in from the last run in this page." : "Filled in after a failed run."}
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
            aria-disabled={isBusy}
            disabled={!fits(LIMIT, feedback) || isInProgress(skill.status)}
          >
            Refine
          </button>
          {isInProgress(skill.status) && <span class="soft">A version is already being generated.</span>}
        </div>
        <Failure error={error} />
      </form>
      <Code
        action={{
          is: "refine",
          id: skill.id,
          body: { ...body, feedback: fits(LIMIT, feedback) ? feedback : EXAMPLE },
        }}
      />
    </>
  );
}
