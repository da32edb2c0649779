/** Routes of the page: `#/skill/<id>/run?x=10`. In the hash, so that any static server works. */
import { computed, signal } from "@preact/signals";

export interface Route {
  /** Segments of the path, decoded. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

const hash = signal(location.hash);

addEventListener("hashchange", () => {
  hash.value = location.hash;
});

export const route = computed<Route>(() => {
  const [path = "", query = ""] = hash.value.replace(/^#/, "").split(/\?(.*)/s);
  return { path: path.split("/").filter(Boolean).map(decoded), query: new URLSearchParams(query) };
});

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

type Query = Record<string, string | number | boolean | undefined>;

/** Returns the `href` of a route. Omits empty query parameters. */
export function to(path: readonly string[], query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return `#/${path.map(encodeURIComponent).join("/")}${search && `?${search}`}`;
}

export function go(url: string): void {
  location.hash = url;
}

/** Replaces the URL without a new history entry. */
export function replace(url: string): void {
  if (url === location.hash) return;
  history.replaceState(history.state, "", url);
  hash.value = url;
}
