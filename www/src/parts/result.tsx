/** Shows the result of a run: as a table if it contains one, as a tree, or as JSON. */
import type { Execution } from "browser-use-skills";
import { useMemo, useState } from "preact/hooks";
import { download, fileName } from "../lib/export.js";
import { bytes, count, duration, shortened } from "../lib/format.js";
import { cell, csv, plainFields, tableOf, tsv } from "../lib/result.js";
import { Choice } from "./choice.js";
import { Copy } from "./copy.js";
import { JsonTree } from "./json-tree.js";
import { Rows } from "./rows.js";
import { Scroll } from "./scroll.js";

const FORMS = { table: "Table", tree: "Tree", raw: "Raw" };

const MAX_CHARACTERS = 200_000;
const MAX_CELL = 2_000;

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
        <Choice label="View" options={forms as typeof FORMS} value={form} onChange={setForm} />
        <span class="bar">
          <Copy label="Copy JSON" text={() => text} />
          {table && <Copy label="Copy as TSV" text={() => tsv(table)} />}
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
              <dd>{shortened(cell(value) || JSON.stringify(value), MAX_CELL)}</dd>
            </div>
          ))}
        </dl>
      )}
      {form === "table" && table && <Rows table={table} />}
      {form === "tree" && <JsonTree value={result} />}
      {form === "raw" && (
        <Scroll label="Result as JSON">
          <pre>{shortened(text, MAX_CHARACTERS)}</pre>
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
