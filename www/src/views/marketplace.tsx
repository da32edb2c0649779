/** Published skills. */
import type { MarketplaceListParams, MarketplaceSkillResponse } from "browser-use-skills";
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
import { client } from "../session/connection.js";

const PAGE_SIZE = 12;
const DAY = 86_400_000;

/** Filters by publication date. The API always sorts by date, newest first. */
const PERIODS = [
  ["", "Any time"],
  ["30", "Last 30 days"],
  ["90", "Last 90 days"],
  ["365", "Last year"],
] as const;

function paramsOf(query: URLSearchParams): MarketplaceListParams {
  const category = query.get("category");
  const days = Number(query.get("days"));
  const midnight = Math.floor(Date.now() / DAY) * DAY;
  return {
    query: query.get("q") || undefined,
    category: isCategory(category) ? category : undefined,
    fromDate: days > 0 ? new Date(midnight - days * DAY).toISOString() : undefined,
    pageNumber: Math.max(1, Math.floor(Number(query.get("page"))) || 1),
    pageSize: PAGE_SIZE,
  };
}

export function Marketplace() {
  const { query } = route.value;
  const params = paramsOf(query);
  const { data, error, isLoading, reload } = useLoad(
    (signal) => client.value.marketplace.list(params, { signal }),
    [client.value, JSON.stringify(params)],
  );
  const filterHref = (change: Record<string, string>) => {
    const { page: _, ...kept } = Object.fromEntries(query);
    return to([], { ...kept, ...change });
  };
  return (
    <>
      <header class="head">
        <h1>Marketplace</h1>
        <p class="lead">
          A skill turns a website into an API. Run a published skill, or clone it to change it.
        </p>
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
          label="Published"
          options={PERIODS}
          value={query.get("days")}
          onChange={(days) => go(filterHref({ days }))}
        />
      </Filters>
      <p class="soft" role="status">
        {data ? count(data.totalItems, "skill") : "Loading…"}
      </p>
      <Loading when={isLoading} label="Loading the marketplace" />
      <Failure error={error}>
        <button type="button" onClick={reload}>
          Try again
        </button>
      </Failure>
      {!data && !error && (
        <ul class="cards" aria-hidden="true">
          {Array.from({ length: PAGE_SIZE }, (_, index) => (
            <li key={index} class="card skeleton" />
          ))}
        </ul>
      )}
      {data && data.items.length === 0 && (
        <div class="empty">
          <p>No skills match.</p>
          <a class="button" href={to([])}>
            Show all
          </a>
        </div>
      )}
      {data && data.items.length > 0 && (
        <ul class="cards">
          {data.items.map((skill) => (
            <Card key={skill.id} skill={skill} />
          ))}
        </ul>
      )}
      {data && (
        <Pager page={data} href={(page) => to([], { ...Object.fromEntries(query), page: String(page) })} />
      )}
      <Code action={{ is: "browse", params }} />
    </>
  );
}

function Card({ skill }: { skill: MarketplaceSkillResponse }) {
  return (
    <li class="card skill">
      <h2>
        <a href={to(["marketplace", skill.slug])}>{skill.title}</a>
        {skill.isOfficial && <span class="official">Official</span>}
      </h2>
      <p class="description">{skill.description}</p>
      <Tags categories={skill.categories} domains={skill.domains} />
      <p class="soft figure">{count(skill.cloneCount, "clone")}</p>
    </li>
  );
}
