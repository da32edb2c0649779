/** Published skills. */
import type { MarketplaceListParams, MarketplaceSkillResponse, SkillCategory } from "browser-use-skills";
import {
  type Catalogue,
  countCategories,
  loadCatalogue,
  SORTS,
  type Sort,
  selectSkills,
} from "../lib/catalogue.js";
import { count } from "../lib/format.js";
import { CATEGORIES, isCategory, labelOf } from "../lib/labels.js";
import { go, replace, route, to } from "../lib/routes.js";
import { useLoad } from "../lib/use-load.js";
import { Failure } from "../parts/failure.js";
import { Filters, Search, Select } from "../parts/filters.js";
import { later } from "../parts/later.js";
import { Loading } from "../parts/loading.js";
import { Pager } from "../parts/pager.js";
import { SkillIcon } from "../parts/skill-icon.js";
import { client } from "../session/connection.js";

const Code = later("Code", null);

const PAGE_SIZE = 12;
const DAY = 86_400_000;

/** Filters by publication date. */
const PERIODS = [
  ["", "Any time"],
  ["30", "Last 30 days"],
  ["90", "Last 90 days"],
  ["365", "Last year"],
] as const;

/** Returns what the API filters by. The category is chosen in the page, which counts the skills of all categories. */
function paramsOf(query: URLSearchParams): MarketplaceListParams {
  const days = Number(query.get("days"));
  const midnight = Math.floor(Date.now() / DAY) * DAY;
  return {
    query: query.get("q") || undefined,
    fromDate: days > 0 ? new Date(midnight - days * DAY).toISOString() : undefined,
  };
}

export function Marketplace({ isHome = false }: { isHome?: boolean }) {
  const { query } = route.value;
  const params = paramsOf(query);
  const { data, error, isLoading, reload } = useLoad(
    (signal) => loadCatalogue((page) => client.value.marketplace.list(page, { signal }), params),
    [client.value, JSON.stringify(params)],
  );
  const chosen = query.get("category");
  const category = isCategory(chosen) ? chosen : undefined;
  const sort: Sort = query.get("sort") === "newest" ? "newest" : "popular";
  const place = isHome ? [] : ["marketplace"];
  const filterHref = (change: Record<string, string>) => {
    const { page: _, ...kept } = Object.fromEntries(query);
    return to(place, { ...kept, ...change });
  };
  const skills = data && selectSkills(data, category, sort);
  const pageNumber = Math.max(1, Math.floor(Number(query.get("page"))) || 1);
  const page = skills && { pageNumber, pageSize: PAGE_SIZE, totalItems: skills.length };
  const shown = skills?.slice((pageNumber - 1) * PAGE_SIZE, pageNumber * PAGE_SIZE);
  const Heading = isHome ? "h2" : "h1";
  return (
    <>
      <header class="head" id="marketplace">
        <Heading class="title">Marketplace</Heading>
        <p class="lead">
          A skill turns a website into an API. Run a published skill, or clone it to change it.
        </p>
      </header>
      <Filters>
        <Search text={query.get("q") ?? ""} onSearch={(q) => replace(filterHref({ q }))} />
        <Select
          label="Sort by"
          options={Object.entries(SORTS)}
          value={sort}
          onChange={(sort) => go(filterHref({ sort: sort === "popular" ? "" : sort }))}
        />
        <Select
          label="Published"
          options={PERIODS}
          value={query.get("days")}
          onChange={(days) => go(filterHref({ days }))}
        />
      </Filters>
      <Chips data={data} category={category} href={(category) => filterHref({ category })} />
      <p class="soft" role="status">
        {data && skills ? summary(data, skills.length) : "Loading…"}
      </p>
      <Loading when={isLoading} label="Loading the marketplace" />
      <Failure error={error}>
        <button type="button" onClick={reload}>
          Try again
        </button>
      </Failure>
      {!data && !error && <Skeletons />}
      {shown?.length === 0 && (
        <div class="empty">
          <p>No skills match.</p>
          <a class="button" href={to(place)}>
            Show all
          </a>
        </div>
      )}
      {shown && shown.length > 0 && (
        <ul class="cards">
          {shown.map((skill) => (
            <Card key={skill.id} skill={skill} level={isHome ? "h3" : "h2"} />
          ))}
        </ul>
      )}
      {page && (
        <Pager
          page={page}
          href={(number) => to(place, { ...Object.fromEntries(query), page: String(number) })}
        />
      )}
      {data && (
        <Code action={{ is: "browse", params: { ...params, category, pageNumber, pageSize: PAGE_SIZE } }} />
      )}
    </>
  );
}

function summary({ skills, total }: Catalogue, shown: number): string {
  const isCut = total > skills.length;
  return isCut
    ? `${count(shown, "skill")} of the newest ${skills.length}. Search to find the other ${total - skills.length}.`
    : count(shown, "skill");
}

interface ChipsProps {
  data: Catalogue | undefined;
  category: SkillCategory | undefined;
  href(category: string): string;
}

/** Links that filter by category. */
function Chips({ data, category, href }: ChipsProps) {
  const counts = data ? countCategories(data) : [];
  // A chosen category stays visible if nothing in it matches the search.
  if (category && !counts.some(([name]) => name === category)) counts.push([category, 0]);
  return (
    <nav class="chips" aria-label="Categories">
      <a class="chip" href={href("")} aria-current={category ? undefined : "true"}>
        All <span class="figure">{data?.skills.length ?? "–"}</span>
      </a>
      {counts.map(([name, number]) => (
        <a key={name} class="chip" href={href(name)} aria-current={name === category ? "true" : undefined}>
          {labelOf(CATEGORIES, name)} <span class="figure">{number}</span>
        </a>
      ))}
    </nav>
  );
}

/** In the shape of the cards. */
function Skeletons() {
  return (
    <ul class="cards" aria-hidden="true">
      {Array.from({ length: PAGE_SIZE }, (_, index) => (
        <li key={index} class="card skill skeleton">
          <span class="icon" />
          <span class="bone name" />
          <span class="bone long" />
          <span class="bone short" />
        </li>
      ))}
    </ul>
  );
}

/** The link covers the card, which has no other interactive elements. */
function Card({ skill, level: Heading }: { skill: MarketplaceSkillResponse; level: "h2" | "h3" }) {
  const { title, slug, isOfficial, description, categories, domains, cloneCount } = skill;
  return (
    <li class="card skill">
      <SkillIcon skill={skill} />
      <Heading class="name">
        <a href={to(["marketplace", slug])}>{title}</a>
        {isOfficial && <span class="official">Official</span>}
      </Heading>
      <p class="description">{description}</p>
      <p class="origin soft">
        <span>{[...categories.map((name) => labelOf(CATEGORIES, name)), ...domains].join(" · ")}</span>
        <span class="figure">{count(cloneCount, "clone")}</span>
      </p>
    </li>
  );
}
