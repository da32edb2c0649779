import type { SkillResponse } from "browser-use-skills";
import { useEffect, useState } from "preact/hooks";
import { seconds } from "../lib/figures.js";
import { isUnderWay, STATUSES, word } from "../lib/words.js";

/** How far a skill is, and for how long if it is under way. */
export function Status({ skill }: { skill: SkillResponse }) {
  return (
    <span class="status" data-status={skill.status}>
      {word(STATUSES, skill.status)}
      {isUnderWay(skill.status) && (
        <>
          {" "}
          <Elapsed since={Date.parse(skill.currentVersion === null ? skill.createdAt : skill.updatedAt)} />
        </>
      )}
    </span>
  );
}

/** Seconds since a moment, counting. */
export function Elapsed({ since }: { since: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  return <span class="figure elapsed">{seconds(now - since)}</span>;
}
