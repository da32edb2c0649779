/** One of your skills. */
import type { SkillResponse } from "browser-use-skills";
import { to } from "../lib/routes.js";
import { whyNotRunnable } from "../lib/runnable.js";
import { useLoad } from "../lib/use-load.js";
import { Failure } from "../parts/failure.js";
import { laterScript } from "../parts/later-script.js";
import { Loading } from "../parts/loading.js";
import { Tags } from "../parts/skill-facts.js";
import { Status } from "../parts/status.js";
import { Tabs } from "../parts/tabs.js";
import { client } from "../session/connection.js";
import { cachedSkills, cacheSkill } from "../session/skills.js";
import { About } from "./about.js";
import { History } from "./history.js";
import { Refine } from "./refine.js";
import { Runner } from "./runner.js";

// With the parser of CSV, in a script of its own.
const Batch = laterScript(() => import("./batch.js")).later("Batch");

export function OwnSkill({ id, tab }: { id: string; tab: string | undefined }) {
  const { error, isLoading, reload } = useLoad(
    async (signal) => cacheSkill(await client.value.skills.get(id, { signal })),
    [client.value],
  );
  const skill = cachedSkills.value.get(id);
  const tabs = [
    { name: "About", step: undefined },
    { name: "Run", step: "run" },
    { name: "Batch", step: "batch" },
    { name: "Refine", step: "refine" },
    { name: "History", step: "history" },
  ];
  return (
    <>
      <p class="crumbs">
        <a href={to(["skills"])}>My skills</a>
      </p>
      {!skill && <h1>Skill</h1>}
      <Loading when={isLoading} label="Loading the skill" />
      <Failure error={error}>
        <button type="button" onClick={reload}>
          Try again
        </button>
      </Failure>
      {skill && (
        <>
          <header class="head">
            <h1>{skill.title}</h1>
            <p class="lead">{skill.description}</p>
            <div class="meta">
              <Status skill={skill} />
              <span class="soft">
                {skill.currentVersion === null ? "no version yet" : `version ${skill.currentVersion}`}
                {skill.isPublic && " · public"}
                {!skill.isEnabled && " · disabled"}
              </span>
              <Tags categories={skill.categories} domains={skill.domains} />
            </div>
          </header>
          <Tabs
            tabs={tabs.map(({ name, step }) => ({
              name,
              href: to(["skill", id, ...(step ? [step] : [])]),
              isCurrent: tab === step,
            }))}
          />
          <View skill={skill} tab={tab} />
        </>
      )}
    </>
  );
}

function View({ skill, tab }: { skill: SkillResponse; tab: string | undefined }) {
  switch (tab) {
    case "run":
      return (
        <Runner
          skill={skill}
          isOwn={true}
          blocked={whyNotRunnable(skill)}
          base={["skill", skill.id, "run"]}
        />
      );
    case "batch":
      return <Batch key={skill.id} skill={skill} blocked={whyNotRunnable(skill)} />;
    case "refine":
      return <Refine skill={skill} />;
    case "history":
      return <History skill={skill} />;
    default:
      return <About skill={skill} />;
  }
}
