import type { SkillResponse } from "browser-use-skills";
import { useEffect, useState } from "preact/hooks";
import { seconds } from "../lib/format.js";
import { isInProgress, labelOf, STATUSES } from "../lib/labels.js";

/** The status of a skill, with the elapsed time during a generation. */
export function Status({ skill }: { skill: SkillResponse }) {
  return (
    <span class="status" data-status={skill.status}>
      {labelOf(STATUSES, skill.status)}
      {isInProgress(skill.status) && (
        <>
          {" "}
          <Elapsed since={Date.parse(skill.currentVersion === null ? skill.createdAt : skill.updatedAt)} />
        </>
      )}
    </span>
  );
}

/** Running timer, in seconds since a time. */
export function Elapsed({ since }: { since: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  return <span class="figure elapsed">{seconds(now - since)}</span>;
}
