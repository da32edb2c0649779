/** What differs between two JSON values: a table of their fields. */
import { differences } from "../lib/differences.js";
import { count, shortened } from "../lib/format.js";
import { cell } from "../lib/result.js";
import { Scroll } from "./scroll.js";

/** Differences that are shown. */
const MAX_DIFFERENCES = 200;
const MAX_CELL = 200;

interface DifferencesProps {
  one: unknown;
  other: unknown;
  /** Headings of the two values. */
  names: readonly [string, string];
  /** Shown if the values are equal. */
  none: string;
}

export function Differences({ one, other, names, none }: DifferencesProps) {
  const found = differences(one, other, MAX_DIFFERENCES);
  return (
    <>
      <p class="soft" role="status">
        {found.length === 0 && none}
        {found.length > 0 && count(found.length, "difference")}
        {found.length === MAX_DIFFERENCES && " shown; there may be more"}
      </p>
      <Scroll label="Differences">
        <table>
          <thead>
            <tr>
              <th scope="col">Path</th>
              <th scope="col">{names[0]}</th>
              <th scope="col">{names[1]}</th>
            </tr>
          </thead>
          <tbody>
            {found.map((difference) => (
              <tr key={difference.path}>
                <th scope="row">
                  <code>{difference.path}</code>
                </th>
                <td>{shown(difference.one)}</td>
                <td>{shown(difference.other)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

function shown(value: unknown) {
  if (value === undefined) return <span class="soft">absent</span>;
  return shortened(value === null ? "null" : cell(value), MAX_CELL);
}
