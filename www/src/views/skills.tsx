/** The skills of your project. */
import type { SkillListParams, SkillResponse } from "browser-use-skills";
import { count } from "../lib/format.js";
import { isCategory } from "../lib/labels.js";
import { go, replace, route, to } from "../lib/routes.js";
import { useLoad } from "../lib/use-load.js";
import { Code } from "../parts/code.js";
import { Failure } from "../parts/failure.js";
import { CATEGORY_OPTIONS, Filters, Search, Select } from "../parts/filters.js";
import { Loading } from "../parts/loading.js";
import { Pager } from "../parts/pager.js";
import { Tags } from "../parts/skill-facts.js";
import { Status } from "../parts/status.js";
import { client } from "../session/connection.js";
import { cachedSkills, cacheSkill } from "../session/skills.js";

const PAGE_SIZE = 20;

const SHOWN = [
  ["", "All"],
  ["true", "Enabled"],
  ["false", "Disabled"],
] as const;

function paramsOf(query: URLSearchParams): SkillListParams {
  const category = query.get("category");
  const enabled = query.get("enabled");
  return {
    query: query.get("q") || undefined,
    category: isCategory(category) ? category : undefined,
    isEnabled: enabled === "true" ? true : enabled === "false" ? false : undefined,
    pageNumber: Math.max(1, Math.floor(Number(query.get("page"))) || 1),
    pageSize: PAGE_SIZE,
  };
}

export function Skills() {
  const { query } = route.value;
  const params = paramsOf(query);
  const { data, error, isLoading, reload } = useLoad(
    async (signal) => {
      const page = await client.value.skills.list(params, { signal });
      page.items.forEach(cacheSkill);
      return page;
    },
    [client.value, JSON.stringify(params)],
  );
  const filterHref = (change: Record<string, string>) => {
    const { page: _, ...kept } = Object.fromEntries(query);
    return to(["skills"], { ...kept, ...change });
  };
  const isFiltered = [...query.keys()].length > 0;
  return (
    <>
      <header class="head with-actions">
        <div>
          <h1>My skills</h1>
          <p class="lead">Skills that your project has created or cloned.</p>
        </div>
        <a class="button primary" href={to(["skills", "new"])}>
          Create a skill
        </a>
      </header>
      <Filters>
        <Search text={query.get("q") ?? ""} onSearch={(q) => replace(filterHref({ q }))} />
        <Select
          label="Category"
          options={CATEGORY_OPTIONS}
          value={query.get("category")}
          onChange={(category) => go(filterHref({ category }))}
        />
        <Select
          label="Show"
          options={SHOWN}
          value={query.get("enabled")}
          onChange={(enabled) => go(filterHref({ enabled }))}
        />
      </Filters>
      <p class="soft" role="status">
        {data ? count(data.totalItems, "skill") : "Loading…"}
      </p>
      <Loading when={isLoading} label="Loading your skills" />
      <Failure error={error}>
        <button type="button" onClick={reload}>
          Try again
        </button>
      </Failure>
      {data && data.items.length === 0 && (
        <div class="empty">
          <p>
            {isFiltered
              ? "No skills match."
              : "No skills yet. Create one, or clone one from the marketplace."}
          </p>
          <a class="button" href={isFiltered ? to(["skills"]) : to([])}>
            {isFiltered ? "Show all" : "Go to the marketplace"}
          </a>
        </div>
      )}
      {data && (
        <ul class="rows">
          {data.items.map((item) => (
            <Row key={item.id} skill={cachedSkills.value.get(item.id) ?? item} />
          ))}
        </ul>
      )}
      {data && (
        <Pager
          page={data}
          href={(page) => to(["skills"], { ...Object.fromEntries(query), page: String(page) })}
        />
      )}
      <Code action={{ is: "list", params }} />
    </>
  );
}

function Row({ skill }: { skill: SkillResponse }) {
  return (
    <li class="card row">
      <div>
        <h2>
          <a href={to(["skill", skill.id])}>{skill.title}</a>
        </h2>
        <p class="description">{skill.description}</p>
        <Tags categories={skill.categories} domains={skill.domains} />
      </div>
      <p class="state">
        <Status skill={skill} />
        <span class="soft">
          {skill.currentVersion === null ? "no version yet" : `version ${skill.currentVersion}`}
          {skill.isPublic && " · public"}
          {!skill.isEnabled && " · disabled"}
        </span>
      </p>
    </li>
  );
}
