/** Creates a skill. */
import { type CreateSkillRequest, isBrowserUseError } from "browser-use-skills";
import { go, to } from "../lib/routes.js";
import { Code } from "../parts/code.js";
import { Failure } from "../parts/failure.js";
import { fits, TextField } from "../parts/field.js";
import { useAct } from "../parts/use-act.js";
import { client } from "../session/connection.js";
import { changeDraft, draft, forgetDraft, place } from "../session/draft.js";

const EXAMPLE = {
  title: "Stories on a topic",
  description: "",
  goal: "Find stories on Hacker News; return the title, URL and summary of each. Parameters: query, limit.",
  agentPrompt:
    "Open https://hn.algolia.com, search for a topic, and read title, URL and summary of each result.",
};

const limit = (field: string) => `CreateSkillRequest.${field}`;

/** Replaces texts that the API would reject, so that the code that is shown works. */
function completed(body: typeof EXAMPLE): CreateSkillRequest {
  const valid = (field: keyof typeof body) => (fits(limit(field), body[field]) ? body[field] : "");
  return {
    title: valid("title") || undefined,
    description: valid("description") || undefined,
    goal: valid("goal").trim() ? body.goal : EXAMPLE.goal,
    agentPrompt: valid("agentPrompt") || EXAMPLE.agentPrompt,
  };
}

export function Create() {
  const { body, mayExist } = draft.value;
  const { act, isBusy, error } = useAct();
  const set = (field: keyof typeof body) => (value: string) => {
    changeDraft(place.value, { body: { ...draft.value.body, [field]: value } });
  };
  const isValid = Object.entries(body).every(([field, value]) => value === "" || fits(limit(field), value));
  const isComplete = body.goal.trim() !== "" && fits(limit("agentPrompt"), body.agentPrompt);
  const request = { ...body, title: body.title || undefined, description: body.description || undefined };
  const submit = async (event: Event) => {
    event.preventDefault();
    const { skills } = client.value;
    // Also while the user is in another view, or has switched the connection.
    const here = place.value;
    const created = await act(async () => {
      changeDraft(here, { mayExist: true });
      try {
        return await skills.create(request);
      } catch (error) {
        if (isBrowserUseError(error) && !error.maybeExecuted) changeDraft(here, { mayExist: false });
        throw error;
      }
    });
    if (!created) return;
    forgetDraft(here);
    go(to(["skill", created.id]));
  };
  return (
    <>
      <p class="crumbs">
        <a href={to(["skills"])}>My skills</a>
      </p>
      <header class="head">
        <h1>Create a skill</h1>
        <p class="lead">
          Describe the goal, and how to do the task once. An agent performs it and generates the skill, in 30
          seconds to 10 minutes.
        </p>
      </header>
      <form class="card" onSubmit={submit} aria-label="New skill">
        <TextField
          label="Goal"
          hint="The output and the parameters."
          name="goal"
          limit={limit("goal")}
          rows={3}
          required
          value={body.goal}
          onInput={set("goal")}
        />
        <TextField
          label="Agent prompt"
          hint="How to do the task once."
          name="agentPrompt"
          limit={limit("agentPrompt")}
          rows={4}
          required
          value={body.agentPrompt}
          onInput={set("agentPrompt")}
        />
        <TextField
          label="Title"
          hint="Generated if empty."
          name="title"
          limit={limit("title")}
          value={body.title}
          onInput={set("title")}
        />
        <TextField
          label="Description"
          hint="Generated if empty."
          name="description"
          limit={limit("description")}
          rows={2}
          value={body.description}
          onInput={set("description")}
        />
        <div class="actions">
          <button type="submit" class="primary" disabled={isBusy || mayExist || !isValid || !isComplete}>
            Create
          </button>
          <button type="button" onClick={() => changeDraft(place.value, { body: EXAMPLE })}>
            Fill in an example
          </button>
        </div>
        <Failure error={error} />
        {mayExist && !isBusy && (
          <div class="warning" role="status">
            <p>
              The skill may have been created, and paid for, although there is no response. Check your skills
              before you create it again. This text is kept.
            </p>
            <div class="actions">
              <a class="button" href={to(["skills"])}>
                Check My skills
              </a>
              <button type="button" onClick={() => changeDraft(place.value, { mayExist: false })}>
                It is not there
              </button>
            </div>
          </div>
        )}
      </form>
      <Code action={{ is: "create", body: completed(body) }} />
    </>
  );
}
