/** Runs a skill: a form made from its parameters, what came of it, and what went on underneath. */
import type { ParameterSchema } from "browser-use-skills";
import { useEffect, useMemo, useState } from "preact/hooks";
import { isSecret, readParameters, shareable, type Texts } from "../lib/parameters.js";
import { replace, route, to } from "../lib/routes.js";
import type { Action } from "../lib/snippets.js";
import { Code } from "../parts/code.js";
import { Copy } from "../parts/copy.js";
import { ParameterField } from "../parts/parameter-field.js";
import { RunCard } from "../parts/run-card.js";
import { Timeline } from "../parts/timeline.js";
import { calls } from "../session/recorder.js";
import { HIDDEN, hide } from "../session/redact.js";
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
  /** Where this view is, for links to it. */
  base: readonly string[];
}

export function Runner({ skill, isOwn, base }: RunnerProps) {
  const [texts, setTexts] = useState<Texts>(() => initial(skill));
  const [options, setOptions] = useState<RunOptions>({ sessionId: "", recover: isOwn, repeat: 1 });
  const [wasAsked, setWasAsked] = useState(false);
  // A link to this very view, with other values.
  const { query } = route.value;
  useEffect(() => setTexts(initial(skill)), [query.toString()]);

  const { parameters, problems } = useMemo(
    () => readParameters(skill.parameters, texts),
    [skill.parameters, texts],
  );
  const mine = runs.value.filter((run) => run.skillId === skill.id && run.isOwn === isOwn);
  const address = () => to(base, shareable(skill.parameters, texts));
  const change = (name: string, text: string) => {
    const changed = { ...texts, [name]: text };
    setTexts(changed);
    forms.set(skill.id, changed);
  };
  const submit = (event: Event) => {
    event.preventDefault();
    setWasAsked(true);
    if (Object.keys(problems).length > 0 || sessionIdProblem(options.sessionId)) return;
    for (const parameter of skill.parameters) if (isSecret(parameter)) hide(texts[parameter.name] ?? "");
    replace(address());
    const { sessionId, recover, repeat } = options;
    for (let index = 0; index < repeat; index += 1) {
      start({ skillId: skill.id, isOwn, parameters, sessionId: sessionId || undefined, recover });
    }
  };
  const action: Action = {
    is: "run",
    id: skill.id,
    isOwn,
    parameters: masked(skill.parameters, parameters),
    sessionId: options.sessionId || undefined,
    recover: options.recover,
  };
  const since = mine.at(-1)?.startedAt ?? Number.POSITIVE_INFINITY;
  const ours = calls.value.filter(
    ({ exchanges, askedAt }) =>
      performance.timeOrigin + askedAt >= since - 1000 &&
      exchanges.some(({ address: sentTo }) => sentTo.includes(skill.id)),
  );
  return (
    <div class="runner">
      <form class="card" noValidate onSubmit={submit} aria-label="Parameters">
        <h2>Parameters</h2>
        {skill.parameters.length === 0 && <p class="soft">It takes no parameters.</p>}
        {skill.parameters.map((parameter) => (
          <ParameterField
            key={parameter.name}
            parameter={parameter}
            text={texts[parameter.name] ?? ""}
            problem={wasAsked || texts[parameter.name] ? problems[parameter.name] : undefined}
            onInput={(text) => change(parameter.name, text)}
          />
        ))}
        <Options isOwn={isOwn} options={options} onChange={setOptions} />
        <div class="actions">
          <button type="submit" class="primary">
            {options.repeat > 1 ? `Run ${options.repeat} times` : "Run"}
          </button>
          <Copy label="Copy link" text={() => new URL(address(), location.href).href} />
        </div>
      </form>
      <div class="outcome" aria-live="off">
        {mine.length === 0 ? (
          <div class="empty">
            <p>What it returns will be here.</p>
          </div>
        ) : (
          mine
            .slice(0, 10)
            .map((run, index) => <RunCard key={run.id} run={run} skill={skill} isOpen={index === 0} />)
        )}
      </div>
      {ours.length > 0 && (
        <section class="card whole">
          <h2>Under the hood</h2>
          <Timeline calls={ours.slice(-20)} />
        </section>
      )}
      <div class="whole">
        <Code action={action} />
      </div>
    </div>
  );
}

/** What the address says, else what was typed last, else the defaults, which stay empty. */
function initial({ id, parameters }: RunnerProps["skill"]): Texts {
  const { query } = route.peek();
  const known = forms.get(id) ?? {};
  const given = parameters.map((parameter) => {
    const { name } = parameter;
    const said = isSecret(parameter) ? null : query.get(name);
    return [name, said ?? known[name] ?? ""];
  });
  return Object.fromEntries(given);
}

function masked(schema: readonly ParameterSchema[], parameters: Record<string, unknown>) {
  const secrets = new Set(schema.filter(isSecret).map(({ name }) => name));
  const shown = Object.entries(parameters).map(([name, value]) => [name, secrets.has(name) ? HIDDEN : value]);
  return Object.fromEntries(shown);
}
