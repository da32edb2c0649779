/** Details shared by the views of own and public skills. */
import type { ParameterSchema } from "browser-use-skills";
import { CATEGORIES, labelOf } from "../lib/labels.js";
import { isRequired, textOf } from "../lib/parameters.js";
import { fieldsOf } from "../lib/schema.js";
import { JsonTree } from "./json-tree.js";
import { Scroll } from "./scroll.js";

export function Tags({ categories, domains }: { categories: readonly string[]; domains: readonly string[] }) {
  return (
    <ul class="tags" aria-label="Categories and websites">
      {categories.map((category) => (
        <li key={category} class="tag">
          {labelOf(CATEGORIES, category)}
        </li>
      ))}
      {domains.map((domain) => (
        <li key={domain} class="domain">
          {domain}
        </li>
      ))}
    </ul>
  );
}

export function Parameters({ parameters }: { parameters: readonly ParameterSchema[] }) {
  if (parameters.length === 0) return <p class="soft">It takes no parameters.</p>;
  return (
    <Scroll label="Parameters">
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Type</th>
            <th scope="col">Default</th>
            <th scope="col">Description</th>
          </tr>
        </thead>
        <tbody>
          {parameters.map((parameter) => (
            <tr key={parameter.name}>
              <th scope="row">
                <code>{parameter.name}</code>
              </th>
              <td>
                {parameter.type}
                {isRequired(parameter) && <span class="soft"> · required</span>}
              </td>
              <td>
                <code>{textOf(parameter.default) || "–"}</code>
              </td>
              <td>
                {parameter.description ?? ""}
                {parameter.cookieDomain && <span class="soft"> · {parameter.cookieDomain}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

export function OutputSchema({ schema }: { schema: Record<string, unknown> }) {
  if (Object.keys(schema).length === 0) return <p class="soft">It has no output schema.</p>;
  const fields = fieldsOf(schema);
  return (
    <>
      {fields.length > 0 && (
        <Scroll label="Fields of the output">
          <table class="fields">
            <thead>
              <tr>
                <th scope="col">Field</th>
                <th scope="col">Type</th>
                <th scope="col">Limits</th>
                <th scope="col">Description</th>
                <th scope="col">Example</th>
              </tr>
            </thead>
            <tbody>
              {fields.map(({ path, type, isRequired, limits, description, example }) => (
                <tr key={path}>
                  <th scope="row">
                    <code>{path}</code>
                  </th>
                  <td>
                    {type}
                    {!isRequired && <span class="soft"> · optional</span>}
                  </td>
                  <td>{limits || "–"}</td>
                  <td>{description || "–"}</td>
                  <td>{example ? <code>{example}</code> : "–"}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      <details class="more">
        <summary>JSON Schema</summary>
        <JsonTree value={schema} />
      </details>
    </>
  );
}
