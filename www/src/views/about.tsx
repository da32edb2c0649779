/** What a skill of one's own is, and what can be done to it. */
import type { SkillResponse } from "browser-use-skills";
import { useState } from "preact/hooks";
import { duration, moment } from "../lib/figures.js";
import { go, to } from "../lib/routes.js";
import { isUnderWay } from "../lib/words.js";
import { Code } from "../parts/code.js";
import { Dialog } from "../parts/dialog.js";
import { Failure } from "../parts/failure.js";
import { fits, TextField } from "../parts/field.js";
import { OutputSchema, Parameters } from "../parts/skill-facts.js";
import { useAct } from "../parts/use-act.js";
import { client } from "../session/connection.js";
import { drop, take } from "../session/skills.js";

const UNMADE = "Known when there is a first version.";

type Asked = "rename" | "rollback" | "delete";

export function About({ skill }: { skill: SkillResponse }) {
  const { id } = skill;
  const [asked, setAsked] = useState<Asked>();
  const { act, isBusy, error } = useAct();
  const { skills } = client.value;
  const change = async (work: () => PromiseLike<SkillResponse>) => {
    const changed = await act(work);
    if (changed) take(changed);
  };
  const isGoing = isUnderWay(skill.status);
  const version = skill.currentVersion ?? 0;
  const isUnmade = version === 0;
  return (
    <>
      <section class="card">
        <h2>Manage</h2>
        {isGoing && <progress aria-label="The generation is under way" />}
        <div class="actions">
          {isGoing && (
            <button type="button" disabled={isBusy} onClick={() => change(() => skills.cancel(id))}>
              Cancel the generation
            </button>
          )}
          <button
            type="button"
            disabled={isBusy}
            onClick={() => change(() => skills.update(id, { isEnabled: !skill.isEnabled }))}
          >
            {skill.isEnabled ? "Disable" : "Enable"}
          </button>
          <button type="button" disabled={isBusy} onClick={() => setAsked("rename")}>
            Rename
          </button>
          <button
            type="button"
            disabled={isBusy || version < 2 || isGoing}
            onClick={() => setAsked("rollback")}
          >
            Roll back
          </button>
          <button type="button" class="danger" disabled={isBusy} onClick={() => setAsked("delete")}>
            Delete
          </button>
        </div>
        <Failure error={error} />
        <Facts skill={skill} />
      </section>
      <section class="card">
        <h2>Parameters</h2>
        {isUnmade ? <p class="soft">{UNMADE}</p> : <Parameters parameters={skill.parameters} />}
      </section>
      <section class="card">
        <h2>What it returns</h2>
        {isUnmade ? <p class="soft">{UNMADE}</p> : <OutputSchema schema={skill.outputSchema} />}
      </section>
      <Code action={{ is: "get", id }} />
      {asked === "rename" && (
        <Rename
          skill={skill}
          onClose={() => setAsked(undefined)}
          onRename={(title, description) => change(() => skills.update(id, { title, description }))}
        />
      )}
      {asked === "rollback" && (
        <Question
          title={`Roll back to version ${version - 1}?`}
          text={`Version ${version} is gone then. This cannot be undone.`}
          answer="Roll back"
          onClose={() => setAsked(undefined)}
          onYes={() => change(() => skills.rollback(id))}
        />
      )}
      {asked === "delete" && (
        <Question
          title={`Delete “${skill.title}”?`}
          text="The skill and its history are gone then, for good."
          answer="Delete"
          onClose={() => setAsked(undefined)}
          onYes={async () => {
            const isDone = await act(() => skills.delete(id).then(() => true));
            if (!isDone) return;
            go(to(["skills"]));
            drop(id);
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
        : `${currentVersion}${until ? `, made ${moment(until)}${took}` : ""}`,
    ],
    ["Goal", skill.goal],
    ["Prompt", skill.agentPrompt],
    ["Created", moment(skill.createdAt)],
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
  answer: string;
  onYes(): void;
  onClose(): void;
}

function Question({ title, text, answer, onYes, onClose }: QuestionProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{text}</p>
      <form
        method="dialog"
        class="actions"
        onSubmit={(event) => {
          // The close event of a dialog with a submit button comes by itself.
          if ((event as SubmitEvent).submitter?.getAttribute("value") === "yes") onYes();
        }}
      >
        <button type="submit" value="no">
          Keep it
        </button>
        <button type="submit" value="yes" class="danger">
          {answer}
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
  const isFit = title.trim() !== "" && fits(limits.title, title) && fits(limits.description, description);
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
            Leave it
          </button>
          <button type="submit" value="yes" class="primary" disabled={!isFit}>
            Rename
          </button>
        </div>
      </form>
    </Dialog>
  );
}
