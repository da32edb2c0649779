/** The versions of a skill that this browser has seen, and what differs between two of them. */
import { useState } from "preact/hooks";
import { dateTime } from "../lib/format.js";
import type { Version } from "../lib/versions.js";
import { Differences } from "./differences.js";

interface VersionsProps {
  /** Oldest first; at least one. */
  versions: readonly Version[];
  current: number;
}

export function Versions({ versions, current }: VersionsProps) {
  const [numbers, setNumbers] = useState<readonly [number?, number?]>([]);
  const find = (number: number | undefined, fallback: number) =>
    versions.find((version) => version.number === number) ?? versions.at(fallback);
  const [one, other] = [find(numbers[0], -2), find(numbers[1], -1)];
  const labelOf = ({ number, finishedAt }: Version) => {
    const state = number === current ? ", current" : number > current ? ", rolled back" : "";
    return `Version ${number}${state}${finishedAt ? ` · ${dateTime(finishedAt)}` : ""}`;
  };
  const choice = (label: string, chosen: Version, onChoose: (number: number) => void) => (
    <label>
      <span>{label}</span>
      <select value={chosen.number} onChange={(event) => onChoose(Number(event.currentTarget.value))}>
        {versions.map((version) => (
          <option key={version.number} value={version.number}>
            {labelOf(version)}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <section class="card versions">
      <h2>Versions</h2>
      <p class="soft">
        The API returns only the current version. This browser keeps each version that it has seen, with the
        title and texts that the skill had.
      </p>
      {one && other ? (
        <>
          <div class="filters">
            {choice("First version", one, (number) => setNumbers([number, other.number]))}
            {choice("Second version", other, (number) => setNumbers([one.number, number]))}
          </div>
          <Differences
            one={one.facts}
            other={other.facts}
            names={[`Version ${one.number}`, `Version ${other.number}`]}
            none="The parameters, the output and the texts are equal."
          />
        </>
      ) : (
        <p>{versions.map(labelOf).join()}. After a refinement, both versions can be compared here.</p>
      )}
    </section>
  );
}
