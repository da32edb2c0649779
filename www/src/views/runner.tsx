/** Runs a skill: a form for its parameters, the results and the requests. */
import type { ParameterSchema } from "browser-use-skills";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Action } from "../lib/action.js";
import { reveal } from "../lib/motion.js";
import { isSecret, masked, readParameters, shareable, type Texts, textOf } from "../lib/parameters.js";
import { replace, route, to } from "../lib/routes.js";
import { CodePane } from "../parts/code.js";
import { Comparison } from "../parts/comparison.js";
import { Copy } from "../parts/copy.js";
import { ParameterField } from "../parts/parameter-field.js";
import { RunCard } from "../parts/run-card.js";
import { Timeline } from "../parts/timeline.js";
import { SUBMIT_SHORTCUT, useSubmitShortcut } from "../parts/use-shortcut.js";
import { calls } from "../session/recorder.js";
import { addSecret } from "../session/redact.js";
import { forms, runs, start } from "../session/runs.js";
import { Options, type RunOptions, sessionIdProblem } from "./run-options.js";

interface RunnerProps {
  skill: {
    id: string;
    title: string;
    parameters: ParameterSchema[];
    outputSchema: Record<string, unknown>;
  };
  isOwn: boolean;
  /** Why the skill cannot run now; undefined if it can. */
  blocked?: string | undefined;
  /** Route of this view, for links. */
  base: readonly string[];
}

export function Runner({ skill, isOwn, blocked, base }: RunnerProps) {
  const [texts, setTexts] = useState<Texts>(() => initial(skill));
  const [options, setOptions] = useState<RunOptions>({ sessionId: "", recover: isOwn, repeat: 1 });
  /** How often an invalid form was submitted. */
  const [rejections, setRejections] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  const outcome = useRef<HTMLElement>(null);
  useSubmitShortcut(() => form.current?.requestSubmit());
  // A link to this view may have other values.
  const { query } = route.value;
  useEffect(() => setTexts(initial(skill)), [query.toString()]);

  const { parameters, problems } = useMemo(
    () => readParameters(skill.parameters, texts),
    [skill.parameters, texts],
  );
  const skillRuns = runs.value.filter((run) => run.skillId === skill.id && run.isOwn === isOwn);
  const finished = skillRuns.filter(({ execution }) => execution?.success);
  const newest = skillRuns[0]?.id;
  // Before the browser paints, and takes the focus from what is hidden.
  useLayoutEffect(() => {
    // A new run closes the card of the earlier one, whose button may have the focus.
    const results = outcome.current;
    if (results?.contains(document.activeElement)) results.querySelector("summary")?.focus();
  }, [newest]);
  const linkHref = () => to(base, shareable(skill.parameters, texts));
  useEffect(() => {
    if (rejections > 0 && form.current) focusInvalid(form.current);
  }, [rejections]);
  const change = (name: string, text: string) => {
    const changed = { ...texts, [name]: text };
    setTexts(changed);
    forms.set(skill.id, changed);
  };
  /** Fills in the parameters of an earlier run. */
  const use = (parameters: Record<string, unknown>) => {
    const given = skill.parameters.map(({ name }) => [name, textOf(parameters[name])] as const);
    const filled = Object.fromEntries(given);
    setTexts(filled);
    forms.set(skill.id, filled);
    form.current?.querySelector<HTMLElement>("input, textarea, select")?.focus();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    if (blocked !== undefined) return;
    if (Object.keys(problems).length > 0 || sessionIdProblem(options.sessionId)) {
      setRejections(rejections + 1);
      return;
    }
    for (const parameter of skill.parameters) if (isSecret(parameter)) addSecret(texts[parameter.name] ?? "");
    replace(linkHref());
    const { sessionId, recover, repeat } = options;
    for (let index = 0; index < repeat; index += 1) {
      start({ skillId: skill.id, isOwn, parameters, sessionId: sessionId || undefined, recover });
    }
    if (outcome.current) reveal(outcome.current);
  };
  const action: Action = {
    is: "run",
    id: skill.id,
    isOwn,
    parameters: masked(skill.parameters, parameters),
    sessionId: options.sessionId || undefined,
    recover: options.recover,
    outputSchema: skill.outputSchema,
  };
  const since = skillRuns.at(-1)?.startedAt ?? Number.POSITIVE_INFINITY;
  const skillCalls = calls.value.filter(
    ({ exchanges, startedAt }) =>
      performance.timeOrigin + startedAt >= since - 1000 &&
      exchanges.some(({ url }) => url.includes(skill.id)),
  );
  return (
    <div class="runner">
      <form ref={form} noValidate onSubmit={submit} aria-label="Parameters">
        <div class="card">
          <h2>Parameters</h2>
          {skill.parameters.length === 0 && <p class="soft">It takes no parameters.</p>}
          {skill.parameters.map((parameter) => (
            <ParameterField
              key={parameter.name}
              parameter={parameter}
              text={texts[parameter.name] ?? ""}
              problem={rejections > 0 || texts[parameter.name] ? problems[parameter.name] : undefined}
              onInput={(text) => change(parameter.name, text)}
            />
          ))}
          <Options isOwn={isOwn} options={options} onChange={setOptions} />
        </div>
        <div class="run-bar">
          {blocked && <p role="status">{blocked}.</p>}
          <button
            type="submit"
            class="primary"
            disabled={blocked !== undefined}
            aria-keyshortcuts="Control+Enter Meta+Enter"
          >
            {options.repeat > 1 ? `Run ${options.repeat} times` : "Run"}
            <span class="shortcut" aria-hidden="true">
              {SUBMIT_SHORTCUT}
            </span>
          </button>
          <Copy label="Copy link" text={() => new URL(linkHref(), location.href).href} />
        </div>
      </form>
      <section class="outcome" ref={outcome} aria-label="Results">
        {skillRuns.length === 0 ? (
          <div class="empty">
            <p>No result yet.</p>
            <p class="soft">{blocked ? `${blocked}.` : "Fill in the parameters and run the skill."}</p>
          </div>
        ) : (
          skillRuns
            .slice(0, 10)
            .map((run, index) => (
              <RunCard
                key={run.id}
                run={run}
                skill={skill}
                isOpen={index === 0}
                blocked={blocked}
                onUse={use}
              />
            ))
        )}
        {finished.length > 1 && <Comparison runs={finished} schema={skill.parameters} />}
      </section>
      <div class="code-column">
        <CodePane action={action} />
      </div>
      {skillCalls.length > 0 && (
        <section class="card calls">
          <h2>Requests</h2>
          <Timeline calls={skillCalls.slice(-20)} />
        </section>
      )}
    </div>
  );
}

/** Moves the focus to the first invalid field, also if it is in closed options. */
function focusInvalid(form: HTMLFormElement): void {
  const field = form.querySelector<HTMLElement>("[aria-invalid=true]");
  const options = field?.closest("details");
  if (options) options.open = true;
  field?.focus();
}

/** The initial texts: from the URL, else those typed last, else empty for the defaults. */
function initial({ id, parameters }: RunnerProps["skill"]): Texts {
  const { query } = route.peek();
  const typed = forms.get(id) ?? {};
  const given = parameters.map((parameter) => {
    const { name } = parameter;
    const linked = isSecret(parameter) ? null : query.get(name);
    return [name, linked ?? typed[name] ?? ""];
  });
  return Object.fromEntries(given);
}
