/** The form of a new batch: rows, the columns of parameters, a preview and the settings. */
import type { ParameterSchema, SkillResponse } from "browser-use-skills";
import { useMemo, useState } from "preact/hooks";
import { count, shortened } from "../lib/format.js";
import { isRequired } from "../lib/parameters.js";
import { type ReadRows, readRows } from "../lib/read-rows.js";
import { cell } from "../lib/result.js";
import { Failure } from "../parts/failure.js";
import { Field } from "../parts/field.js";
import { Scroll } from "../parts/scroll.js";
import { useAct } from "../parts/use-act.js";
import { type BatchSettings, type Mapping, readRow, startBatch } from "../session/batches.js";
import { BatchSettingsFields } from "./batch-settings.js";

const PREVIEWED = 5;
const SHOWN_PROBLEMS = 20;
const MAX_CELL = 60;

interface BatchFormProps {
  skill: SkillResponse;
  blocked: string | undefined;
}

export function BatchForm({ skill, blocked }: BatchFormProps) {
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<Mapping>({});
  const [settings, setSettings] = useState<BatchSettings>({ concurrency: 4, budget: null, retryFailed: 0 });
  const [isRefused, setRefused] = useState(false);
  const starting = useAct();
  const { data, problem } = useMemo(() => read(text), [text]);
  const mapping = mappingOf(skill.parameters, data?.columns ?? [], chosen);
  const key = JSON.stringify(mapping);
  const problems = useMemo(
    () => (data ? problemsOf(skill.parameters, mapping, data) : []),
    [skill.parameters, key, data],
  );
  const rows = data?.rows ?? [];
  const most = rows.length * (1 + settings.retryFailed);
  const use = (next: string) => {
    setText(next);
    setRefused(false);
  };
  const open = async (file: File | undefined) => {
    if (file) use(await file.text());
  };
  const submit = (event: Event) => {
    event.preventDefault();
    if (blocked !== undefined) return;
    if (!data || rows.length === 0 || problems.length > 0) return setRefused(true);
    const { columns } = data;
    void starting.act(() => startBatch(skill, { rows, columns, mapping, ...settings }));
  };
  return (
    <form class="batch" noValidate onSubmit={submit} aria-label="New batch">
      <section class="card">
        <h2>Rows</h2>
        <Field
          label="CSV or JSON"
          hint="CSV with a header, a JSON array of objects, or an object per line. Kept in this browser until you remove the batch."
          problem={problem}
        >
          {(described) => (
            <textarea
              {...described}
              class="mono"
              rows={8}
              spellcheck={false}
              value={text}
              onInput={(event) => use(event.currentTarget.value)}
              onDragOver={(event) => event.preventDefault()}
              onDrop={(event) => {
                const file = event.dataTransfer?.files[0];
                if (!file) return;
                event.preventDefault();
                void open(file);
              }}
            />
          )}
        </Field>
        <Field label="Or a file" hint="You can also drop it on the text.">
          {(described) => (
            <input
              {...described}
              type="file"
              accept=".csv,.tsv,.json,.ndjson,.jsonl,text/csv,application/json"
              onChange={(event) => open(event.currentTarget.files?.[0])}
            />
          )}
        </Field>
      </section>
      {data && rows.length > 0 && (
        <>
          <section class="card">
            <h2>Columns of the parameters</h2>
            <div class="filters">
              {skill.parameters.map((parameter) => (
                <Field
                  key={parameter.name}
                  label={`${parameter.name}${isRequired(parameter) ? "" : " (optional)"}`}
                  hint={parameter.type}
                  problem={mapping[parameter.name] || !isNeeded(parameter) ? undefined : "Choose a column"}
                >
                  {(described) => (
                    <select
                      {...described}
                      value={mapping[parameter.name] ?? ""}
                      onChange={({ currentTarget }) =>
                        setChosen({ ...chosen, [parameter.name]: currentTarget.value })
                      }
                    >
                      <option value="">no column</option>
                      {data.columns.map((column) => (
                        <option key={column} value={column}>
                          {column}
                        </option>
                      ))}
                    </select>
                  )}
                </Field>
              ))}
            </div>
          </section>
          <section class="card">
            <div class="bar">
              <h2>Preview</h2>
              <span class="soft figure" role="status">
                {count(rows.length, "row")}
                {problems.length > 0 && ` · ${problems.length.toLocaleString("en")} invalid`}
              </span>
            </div>
            <Preview parameters={skill.parameters} mapping={mapping} data={data} />
            {problems.length > 0 && <Problems problems={problems} isRefused={isRefused} />}
          </section>
        </>
      )}
      <section class="card">
        <h2>Limits</h2>
        <BatchSettingsFields settings={settings} onChange={setSettings} />
        <Failure error={starting.error} />
        {isRefused && rows.length === 0 && (
          <p class="problem" role="alert">
            Nothing was started: there are no rows.
          </p>
        )}
        <div class="actions">
          <button
            type="submit"
            class="primary"
            disabled={blocked !== undefined}
            aria-disabled={starting.isBusy}
          >
            Start the batch
          </button>
          <span class="soft figure">
            {rows.length > 0 && `At most ${count(Math.min(most, settings.budget ?? most), "execution")}`}
          </span>
        </div>
        {blocked && <p role="status">{blocked}.</p>}
      </section>
    </form>
  );
}

function read(text: string): { data?: ReadRows; problem?: string } {
  if (text.trim() === "") return {};
  try {
    const data = readRows(text);
    return data.rows.length > 0 ? { data } : { problem: "There are no rows below the header" };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** The chosen columns; else the column with the parameter's name. */
function mappingOf(
  parameters: readonly ParameterSchema[],
  columns: readonly string[],
  chosen: Mapping,
): Mapping {
  const entries = parameters.flatMap(({ name }) => {
    const same = columns.find((column) => normal(column) === normal(name)) ?? "";
    const column = chosen[name] ?? same;
    return columns.includes(column) ? [[name, column]] : [];
  });
  return Object.fromEntries(entries);
}

function normal(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, "_");
}

function isNeeded(parameter: ParameterSchema): boolean {
  return isRequired(parameter) && (parameter.default ?? null) === null;
}

interface RowProblem {
  row: number;
  texts: string[];
}

function problemsOf(
  parameters: readonly ParameterSchema[],
  mapping: Mapping,
  { rows }: ReadRows,
): RowProblem[] {
  return rows.flatMap((row, index) => {
    const found = Object.entries(readRow(parameters, mapping, row).problems);
    return found.length > 0
      ? [{ row: index + 1, texts: found.map(([name, problem]) => `${name}: ${problem}`) }]
      : [];
  });
}

function Problems({ problems, isRefused }: { problems: readonly RowProblem[]; isRefused: boolean }) {
  const more = problems.length - SHOWN_PROBLEMS;
  return (
    <div class="failure" role={isRefused ? "alert" : undefined}>
      <p class="title">
        {isRefused && "Nothing was started: "}
        {count(problems.length, "row is", "rows are")} invalid
      </p>
      <ul>
        {problems.slice(0, SHOWN_PROBLEMS).map(({ row, texts }) => (
          <li key={row}>
            Row {row}: {texts.join("; ")}
          </li>
        ))}
      </ul>
      {more > 0 && <p class="soft">And {count(more, "more row")}.</p>}
    </div>
  );
}

interface PreviewProps {
  parameters: readonly ParameterSchema[];
  mapping: Mapping;
  data: ReadRows;
}

/** The parameters of the first rows. */
function Preview({ parameters, mapping, data }: PreviewProps) {
  const names = parameters.map(({ name }) => name).filter((name) => mapping[name]);
  return (
    <Scroll label="Parameters of the first rows">
      <table>
        <thead>
          <tr>
            <th scope="col">Row</th>
            {names.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.rows.slice(0, PREVIEWED).map((row, index) => {
            const values = readRow(parameters, mapping, row);
            return (
              <tr key={index}>
                <td class="figure">{index + 1}</td>
                {names.map((name) => (
                  <td key={name}>
                    {values.problems[name] ? (
                      <span class="problem">{values.problems[name]}</span>
                    ) : (
                      shortened(cell(values.parameters[name]), MAX_CELL)
                    )}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}
