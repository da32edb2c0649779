/** Details and management of one of your skills. */
import type { SkillResponse, UpdateSkillRequest } from "browser-use-skills";
import { useState } from "preact/hooks";
import { dateTime, duration } from "../lib/format.js";
import { isInProgress } from "../lib/labels.js";
import { go, to } from "../lib/routes.js";
import { Code } from "../parts/code.js";
import { Dialog } from "../parts/dialog.js";
import { Failure } from "../parts/failure.js";
import { fits, TextField } from "../parts/field.js";
import { OutputSchema, Parameters } from "../parts/skill-facts.js";
import { useAct } from "../parts/use-act.js";
import { Versions } from "../parts/versions.js";
import { client } from "../session/connection.js";
import { report } from "../session/notice.js";
import { cacheSkill, uncacheSkill } from "../session/skills.js";
import { toast } from "../session/toasts.js";
import { versions } from "../session/versions.js";

const NO_VERSION = "Available once there is a first version.";

type DialogName = "rename" | "rollback" | "delete";

export function About({ skill }: { skill: SkillResponse }) {
  const { id } = skill;
  const [dialog, setDialog] = useState<DialogName>();
  const { act, isBusy, error } = useAct();
  const { skills } = client.value;
  const change = async (work: () => PromiseLike<SkillResponse>) => {
    const changed = await act(work);
    if (changed) cacheSkill(changed);
    return changed;
  };
  /** Changes the skill, and offers to undo it, also on another view. */
  const update = async (changes: UpdateSkillRequest, previous: UpdateSkillRequest, message: string) => {
    if (!(await change(() => skills.update(id, changes)))) return;
    const undo = () =>
      void skills
        .update(id, previous)
        .then(cacheSkill)
        .then(() => toast("Undone"), report);
    toast(message, { label: "Undo", run: undo });
  };
  const isGenerating = isInProgress(skill.status);
  const version = skill.currentVersion ?? 0;
  const isEmpty = version === 0;
  const seen = versions.value[id];
  return (
    <>
      <section class="card">
        <h2>Manage</h2>
        {isGenerating && <progress aria-label="Generating" />}
        <div class="actions">
          {isGenerating && (
            <button type="button" aria-disabled={isBusy} onClick={() => change(() => skills.cancel(id))}>
              Cancel the generation
            </button>
          )}
          <button
            type="button"
            aria-disabled={isBusy}
            onClick={() =>
              update(
                { isEnabled: !skill.isEnabled },
                { isEnabled: skill.isEnabled },
                skill.isEnabled ? "Skill disabled" : "Skill enabled",
              )
            }
          >
            {skill.isEnabled ? "Disable" : "Enable"}
          </button>
          <button type="button" aria-disabled={isBusy} onClick={() => setDialog("rename")}>
            Rename
          </button>
          <button
            type="button"
            aria-disabled={isBusy}
            disabled={version < 2 || isGenerating}
            onClick={() => setDialog("rollback")}
          >
            Roll back
          </button>
          <button type="button" class="danger" aria-disabled={isBusy} onClick={() => setDialog("delete")}>
            Delete
          </button>
        </div>
        <Failure error={error} />
        <Facts skill={skill} />
      </section>
      <section class="card">
        <h2>Parameters</h2>
        {isEmpty ? <p class="soft">{NO_VERSION}</p> : <Parameters parameters={skill.parameters} />}
      </section>
      <section class="card">
        <h2>Output</h2>
        {isEmpty ? <p class="soft">{NO_VERSION}</p> : <OutputSchema schema={skill.outputSchema} />}
      </section>
      {seen && <Versions versions={seen} current={version} />}
      <Code action={{ is: "get", id }} />
      {dialog === "rename" && (
        <Rename
          skill={skill}
          onClose={() => setDialog(undefined)}
          onRename={(title, description) =>
            update(
              { title, description },
              { title: skill.title, description: skill.description },
              "Skill renamed",
            )
          }
        />
      )}
      {dialog === "rollback" && (
        <Question
          title={`Roll back to version ${version - 1}?`}
          text={`This deletes version ${version} and cannot be undone.`}
          action="Roll back"
          onClose={() => setDialog(undefined)}
          onYes={() => change(() => skills.rollback(id))}
        />
      )}
      {dialog === "delete" && (
        <Question
          title={`Delete “${skill.title}”?`}
          text="This deletes the skill and its history, and cannot be undone."
          action="Delete"
          onClose={() => setDialog(undefined)}
          onYes={async () => {
            const isDone = await act(() => skills.delete(id).then(() => true));
            if (!isDone) return;
            go(to(["skills"]));
            uncacheSkill(id);
          }}
        />
      )}
    </>
  );
}

function Facts({ skill }: { skill: SkillResponse }) {
  const { currentVersion, currentVersionStartedAt: from, currentVersionFinishedAt: until } = skill;
  const took = from && until ? ` in ${duration(Date.parse(until) - Date.parse(from))}` : "";
  const facts: Array<[string, string | null | undefined]> = [
    [
      "Version",
      currentVersion === null
        ? "none yet"
        : `${currentVersion}${until ? `, generated ${dateTime(until)}${took}` : ""}`,
    ],
    ["Goal", skill.goal],
    ["Prompt", skill.agentPrompt],
    ["Created", dateTime(skill.createdAt)],
    ["Id", skill.id],
    ["Cloned from", skill.clonedFromSkillId],
  ];
  return (
    <dl class="facts">
      {facts.map(
        ([name, value]) =>
          value && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

interface QuestionProps {
  title: string;
  text: string;
  /** Label of the confirming button. */
  action: string;
  onYes(): void;
  onClose(): void;
}

function Question({ title, text, action, onYes, onClose }: QuestionProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{text}</p>
      <form
        method="dialog"
        class="actions"
        onSubmit={(event) => {
          // Submitting also closes the dialog.
          if ((event as SubmitEvent).submitter?.getAttribute("value") === "yes") onYes();
        }}
      >
        <button type="submit" value="no">
          Cancel
        </button>
        <button type="submit" value="yes" class="danger">
          {action}
        </button>
      </form>
    </Dialog>
  );
}

interface RenameProps {
  skill: SkillResponse;
  onRename(title: string, description: string): void;
  onClose(): void;
}

function Rename({ skill, onRename, onClose }: RenameProps) {
  const [title, setTitle] = useState(skill.title);
  const [description, setDescription] = useState(skill.description);
  const limits = { title: "UpdateSkillRequest.title", description: "UpdateSkillRequest.description" };
  const isValid = title.trim() !== "" && fits(limits.title, title) && fits(limits.description, description);
  return (
    <Dialog title="Rename" onClose={onClose}>
      <form
        method="dialog"
        onSubmit={(event) => {
          if ((event as SubmitEvent).submitter?.getAttribute("value") === "yes") onRename(title, description);
        }}
      >
        <TextField
          label="Title"
          name="title"
          limit={limits.title}
          value={title}
          required
          onInput={setTitle}
        />
        <TextField
          label="Description"
          name="description"
          limit={limits.description}
          value={description}
          rows={3}
          onInput={setDescription}
        />
        <div class="actions">
          <button type="submit" value="no">
            Cancel
          </button>
          <button type="submit" value="yes" class="primary" disabled={!isValid}>
            Rename
          </button>
        </div>
      </form>
    </Dialog>
  );
}
