/** The published skills of the marketplace, sorted and counted in the page: the API only sorts by date. */
import type { MarketplaceListParams, MarketplaceSkillResponse } from "browser-use-skills";

export interface Catalogue {
  readonly skills: readonly MarketplaceSkillResponse[];
  /** Number of matching skills on the server, which may be more than those that were loaded. */
  readonly total: number;
}

/** The page loads no more skills than this. */
const MAX_SKILLS = 500;
/** The maximum of the API. */
const PAGE_SIZE = 100;

export const SORTS = { popular: "Popular", newest: "Newest" };
export type Sort = keyof typeof SORTS;

type List = (params: MarketplaceListParams) => PromiseLike<{
  items: MarketplaceSkillResponse[];
  totalItems: number;
}>;

/** Loads the matching skills of all categories, newest first. */
export async function loadCatalogue(list: List, params: MarketplaceListParams): Promise<Catalogue> {
  const skills = new Map<string, MarketplaceSkillResponse>();
  let total = 0;
  for (let pageNumber = 1; pageNumber <= MAX_SKILLS / PAGE_SIZE; pageNumber += 1) {
    const { items, totalItems } = await list({ ...params, pageNumber, pageSize: PAGE_SIZE });
    // By id, because a publication during the load shifts the pages.
    for (const skill of items) skills.set(skill.id, skill);
    total = totalItems;
    if (pageNumber * PAGE_SIZE >= totalItems) break;
  }
  return { skills: [...skills.values()], total };
}

/** Returns the number of skills of each category, the largest first. */
export function countCategories({ skills }: Catalogue): Array<[category: string, count: number]> {
  const counts = new Map<string, number>();
  for (const category of skills.flatMap(({ categories }) => [...new Set(categories)]))
    counts.set(category, (counts.get(category) ?? 0) + 1);
  return [...counts].sort(([a, more], [b, fewer]) => fewer - more || a.localeCompare(b));
}

export function selectSkills(
  { skills }: Catalogue,
  category: string | undefined,
  sort: Sort,
): readonly MarketplaceSkillResponse[] {
  const chosen = skills.filter(({ categories }) => category === undefined || categories.includes(category));
  return sort === "newest" ? chosen : chosen.sort((a, b) => b.cloneCount - a.cloneCount);
}
