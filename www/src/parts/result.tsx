/** What a run returned: as a table where there is one in it, as a tree, and as it came. */
import type { Execution } from "browser-use-skills";
import { useMemo, useState } from "preact/hooks";
import { download, fileName } from "../lib/export.js";
import { bytes, count, duration } from "../lib/figures.js";
import { cell, csv, plainFields, type Table, tableOf } from "../lib/result.js";
import { Choice } from "./choice.js";
import { Copy } from "./copy.js";
import { JsonTree } from "./json-tree.js";
import { Scroll } from "./scroll.js";

const FORMS = { table: "Table", tree: "Tree", raw: "Raw" };

/** More would make the page slow; a download has everything. */
const MOST_ROWS = 200;
/** Dates and numbers stay on one line. */
const MOST_UNBROKEN = 20;
const MOST_CHARACTERS = 200_000;

interface ResultProps {
  execution: Execution;
  skill: { title: string; outputSchema: Record<string, unknown> };
}

export function Result({ execution: { result, latencyMs }, skill }: ResultProps) {
  const table = useMemo(() => tableOf(result, skill.outputSchema), [result, skill.outputSchema]);
  const [form, setForm] = useState<keyof typeof FORMS>(table ? "table" : "tree");
  const text = useMemo(() => JSON.stringify(result, null, 2) ?? "null", [result]);
  const fields = form === "table" ? plainFields(result) : [];
  const forms = table ? FORMS : { tree: FORMS.tree, raw: FORMS.raw };
  return (
    <div class="result">
      <div class="bar">
        <Choice label="Form" options={forms as typeof FORMS} value={form} onChange={setForm} />
        <span class="bar">
          <Copy label="Copy JSON" text={() => text} />
          <button
            type="button"
            class="quiet"
            onClick={() => download(fileName(skill.title, "json"), "application/json", text)}
          >
            JSON file
          </button>
          {table && (
            <button
              type="button"
              class="quiet"
              onClick={() => download(fileName(skill.title, "csv"), "text/csv", csv(table))}
            >
              CSV file
            </button>
          )}
        </span>
      </div>
      {fields.length > 0 && (
        <dl class="facts">
          {fields.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{cell(value) || JSON.stringify(value)}</dd>
            </div>
          ))}
        </dl>
      )}
      {form === "table" && table && <Rows table={table} />}
      {form === "tree" && <JsonTree value={result} />}
      {form === "raw" && (
        <Scroll label="Result as JSON">
          <pre>
            {text.slice(0, MOST_CHARACTERS)}
            {text.length > MOST_CHARACTERS && `\n… ${text.length - MOST_CHARACTERS} characters more`}
          </pre>
        </Scroll>
      )}
      <p class="soft figure">
        {[
          table && `${count(table.rows.length, "row")}${table.path && ` in ${table.path}`}`,
          bytes(text.length),
          latencyMs != null && `${duration(latencyMs)} in the skill`,
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
    </div>
  );
}

function Rows({ table: { columns, rows } }: { table: Table }) {
  return (
    <Scroll label="Result as a table">
      <table>
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map((row, index) => (
            <tr key={index}>
              {columns.map((name) => (
                <td key={name} class={cell(row[name]).length <= MOST_UNBROKEN ? "short" : undefined}>
                  <Cell value={row[name]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > MOST_ROWS && (
        <p class="soft">
          The first {MOST_ROWS} of {rows.length} rows.
        </p>
      )}
    </Scroll>
  );
}

function Cell({ value }: { value: unknown }) {
  const text = cell(value);
  if (!/^https?:\/\//.test(text)) return <>{text}</>;
  return (
    <a href={text} target="_blank" rel="noreferrer noopener">
      {text.replace(/^https?:\/\//, "")}
    </a>
  );
}
