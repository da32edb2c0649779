/** The skills of one's own project. */
import type { SkillListParams, SkillResponse } from "browser-use-skills";
import { count } from "../lib/figures.js";
import { go, replace, route, to } from "../lib/routes.js";
import { useLoad } from "../lib/use-load.js";
import { CATEGORIES, isCategory } from "../lib/words.js";
import { Code } from "../parts/code.js";
import { Failure } from "../parts/failure.js";
import { Loading } from "../parts/loading.js";
import { Pager } from "../parts/pager.js";
import { Tags } from "../parts/skill-facts.js";
import { Status } from "../parts/status.js";
import { client } from "../session/connection.js";
import { known, take } from "../session/skills.js";

const PAGE_SIZE = 20;

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
  const { data, error, isLoading, reload } = useLoad(async () => {
    const page = await client.value.skills.list(params);
    page.items.forEach(take);
    return page;
  }, [client.value, JSON.stringify(params)]);
  const narrowed = (change: Record<string, string>) => {
    const { page: _, ...kept } = Object.fromEntries(query);
    return to(["skills"], { ...kept, ...change });
  };
  const isNarrowed = [...query.keys()].length > 0;
  return (
    <>
      <header class="head with-actions">
        <div>
          <h1>My skills</h1>
          <p class="lead">What this project has created or cloned.</p>
        </div>
        <a class="button primary" href={to(["skills", "new"])}>
          Create a skill
        </a>
      </header>
      <search>
        <form class="filters" onSubmit={(event) => event.preventDefault()}>
          <label>
            <span>Search</span>
            <input
              type="search"
              value={query.get("q") ?? ""}
              maxLength={100}
              onInput={(event) => replace(narrowed({ q: event.currentTarget.value }))}
            />
          </label>
          <label>
            <span>Category</span>
            <select
              value={query.get("category") ?? ""}
              onChange={(event) => go(narrowed({ category: event.currentTarget.value }))}
            >
              <option value="">All</option>
              {Object.entries(CATEGORIES).map(([name, text]) => (
                <option key={name} value={name}>
                  {text}
                </option>
              ))}
            </select>
          </label>
          <label>
            <span>Show</span>
            <select
              value={query.get("enabled") ?? ""}
              onChange={(event) => go(narrowed({ enabled: event.currentTarget.value }))}
            >
              <option value="">Enabled and disabled</option>
              <option value="true">Enabled</option>
              <option value="false">Disabled</option>
            </select>
          </label>
        </form>
      </search>
      <p class="soft" role="status">
        {data ? count(data.totalItems, "skill") : "Looking …"}
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
            {isNarrowed
              ? "No skill is like that."
              : "There is no skill yet: create one, or clone one of the marketplace."}
          </p>
          <a class="button" href={isNarrowed ? to(["skills"]) : to([])}>
            {isNarrowed ? "Show all" : "To the marketplace"}
          </a>
        </div>
      )}
      {data && (
        <ul class="rows">
          {data.items.map((item) => (
            <Row key={item.id} skill={known.value.get(item.id) ?? item} />
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
