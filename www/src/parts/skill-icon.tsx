/** The icon of a skill: its own, or one for its first category. */
import type { SkillCategory } from "browser-use-skills";
import { useState } from "preact/hooks";
import { isCategory } from "../lib/labels.js";
import { isEmulated } from "../session/connection.js";

/** Lines on a grid of 24. The type ensures that the list is complete. */
const PATHS: Record<SkillCategory, string> = {
  search: "M16 10.5a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0M14.5 14.5 20 20",
  e_commerce: "M5 8h14l-1 12H6zM9 8a3 3 0 0 1 6 0",
  financial: "M4 19h16M5 14l4-4 4 3 6-7",
  news: "M4 5h13v14H6a2 2 0 0 1-2-2zM17 9h3v8a2 2 0 0 1-2 2M7 9h7M7 12h7M7 15h4",
  real_estate: "M4 11l8-7 8 7M6 10v10h12V10M10 20v-6h4v6",
  social_media: "M4 5h16v11H10l-4 4v-4H4zM8 9h8M8 12h5",
  travel: "M3 13l18-8-6 16-3-7z",
  marketplace: "M4 9l2-5h12l2 5M4 9v11h16V9zM9 20v-6h6v6",
  lead_generation: "M12 9a3 3 0 1 1-6 0 3 3 0 0 1 6 0M3 19c0-3 2-5 6-5s6 2 6 5M18 8v6M15 11h6",
  seo: "M5 20v-6M10 20V9M15 20v-8M20 20V4",
  jobs: "M4 8h16v12H4zM9 8V5h6v3M4 13h16",
  developer: "M9 7l-5 5 5 5M15 7l5 5-5 5",
  media: "M4 5h16v14H4zM10 9v6l5-3z",
  automation: "M13 3 5 14h6l-1 7 9-12h-6z",
  integration: "M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4",
  other: "M12 4l2.2 5.8L20 12l-5.8 2.2L12 20l-2.2-5.8L4 12l5.8-2.2z",
};

interface SkillIconProps {
  skill: { readonly categories: readonly string[]; readonly iconUrl?: string | null | undefined };
}

export function SkillIcon({ skill: { categories, iconUrl } }: SkillIconProps) {
  const [isBroken, setBroken] = useState(false);
  const [category = "other"] = categories;
  // The emulator's icons do not exist.
  const url = isEmulated.value || isBroken || !iconUrl?.startsWith("https:") ? undefined : iconUrl;
  return (
    <span class="icon" data-category={category}>
      {url ? (
        <img
          src={url}
          alt=""
          width={24}
          height={24}
          loading="lazy"
          referrerpolicy="no-referrer"
          onError={() => setBroken(true)}
        />
      ) : (
        <svg viewBox="0 0 24 24" width={24} height={24} aria-hidden="true">
          <path d={isCategory(category) ? PATHS[category] : PATHS.other} />
        </svg>
      )}
    </span>
  );
}
