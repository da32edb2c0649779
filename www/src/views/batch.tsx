/** Runs a skill for many rows: each is paid for once, also across reloads. */
import type { SkillResponse } from "browser-use-skills";
import { useLoad } from "../lib/use-load.js";
import { Failure } from "../parts/failure.js";
import { Loading } from "../parts/loading.js";
import { batches, loadBatch, nameOf } from "../session/batches.js";
import { client, connection } from "../session/connection.js";
import { problem } from "../session/emulator.js";
import { BatchForm } from "./batch-form.js";
import { BatchRun } from "./batch-run.js";

interface BatchProps {
  skill: SkillResponse;
  /** Why the skill cannot run now; undefined if it can. */
  blocked: string | undefined;
}

export function Batch({ skill, blocked }: BatchProps) {
  const { error, isLoading } = useLoad(() => loadBatch(skill), [client.value, skill.id]);
  const state = batches.value.get(nameOf(skill.id));
  // The other tab stores the executions: this one would pay for the rows in its copy.
  const isCopy = connection.value.mode === "emulator" && problem.value?.is === "copy";
  const reason = isCopy ? "Another tab has the emulator: run batches there" : blocked;
  if (!state && isLoading) return <Loading when label="Loading the batch" />;
  return (
    <div class="batch">
      <Failure error={error} />
      {state ? (
        <BatchRun skill={skill} state={state} blocked={reason} />
      ) : (
        <BatchForm skill={skill} blocked={reason} />
      )}
    </div>
  );
}
