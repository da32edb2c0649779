/** A published skill: its parameters and output, and actions to clone and run it. */
import { count, date } from "../lib/format.js";
import { go, to } from "../lib/routes.js";
import { useLoad } from "../lib/use-load.js";
import { Code } from "../parts/code.js";
import { Failure } from "../parts/failure.js";
import { Loading } from "../parts/loading.js";
import { OutputSchema, Parameters, Tags } from "../parts/skill-facts.js";
import { Tabs } from "../parts/tabs.js";
import { useAct } from "../parts/use-act.js";
import { client } from "../session/connection.js";
import { cacheSkill } from "../session/skills.js";
import { Runner } from "./runner.js";

export function PublicSkill({ slug, tab }: { slug: string; tab: string | undefined }) {
  const { data, error, isLoading, reload } = useLoad(
    (signal) => client.value.marketplace.get(slug, { signal }),
    [client.value],
  );
  const cloning = useAct();
  const clone = async (id: string, view: readonly string[] = []) => {
    const copy = await cloning.act(() => client.value.marketplace.clone(id));
    if (copy) go(to(["skill", cacheSkill(copy).id, ...view]));
  };
  return (
    <>
      <p class="crumbs">
        <a href={to([])}>Marketplace</a>
      </p>
      {!data && <h1>Skill</h1>}
      <Loading when={isLoading} label="Loading the skill" />
      <Failure error={error}>
        <button type="button" onClick={reload}>
          Try again
        </button>
      </Failure>
      {data && (
        <>
          <header class="head with-actions">
            <div>
              <h1>
                {data.title} {data.isOfficial && <span class="official">Official</span>}
              </h1>
              <p class="lead">{data.description}</p>
              <div class="meta">
                <Tags categories={data.categories} domains={data.domains} />
                <p class="soft">
                  {count(data.cloneCount, "clone")} · version {data.currentVersion ?? "–"} · published{" "}
                  {date(data.firstPublishedAt)}
                </p>
              </div>
            </div>
            <button
              type="button"
              class="primary"
              aria-disabled={cloning.isBusy}
              onClick={() => clone(data.id)}
            >
              Clone
            </button>
          </header>
          <Failure error={cloning.error} />
          <Tabs
            tabs={[
              { name: "About", href: to(["marketplace", slug]), isCurrent: tab === undefined },
              { name: "Run", href: to(["marketplace", slug, "run"]), isCurrent: tab === "run" },
              { name: "Batch", href: to(["marketplace", slug, "batch"]), isCurrent: tab === "batch" },
            ]}
          />
          {tab === "run" && <Runner skill={data} isOwn={false} base={["marketplace", slug, "run"]} />}
          {tab === "batch" && (
            <div class="empty">
              <p>A batch needs a skill of your own.</p>
              <p class="soft">Only these have a list of executions, in which a lost response is found.</p>
              <button type="button" aria-disabled={cloning.isBusy} onClick={() => clone(data.id, ["batch"])}>
                Clone and open its batch
              </button>
            </div>
          )}
          {tab !== "run" && tab !== "batch" && (
            <>
              <section class="card">
                <h2>Parameters</h2>
                <Parameters parameters={data.parameters} />
              </section>
              <section class="card">
                <h2>Output</h2>
                <OutputSchema schema={data.outputSchema} />
              </section>
              <Code action={{ is: "getPublic", slug }} />
            </>
          )}
        </>
      )}
    </>
  );
}
