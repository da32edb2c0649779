/** Addresses within the page: `#/skill/<id>/run?x=10`. In the hash, so that any static server will do. */
import { computed, signal } from "@preact/signals";

export interface Route {
  /** The steps of the path, decoded. */
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

/** An address, for `href`. What is empty is left out. */
export function to(path: readonly string[], query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return `#/${path.map(encodeURIComponent).join("/")}${search && `?${search}`}`;
}

export function go(address: string): void {
  location.hash = address;
}

/** Changes the address without a step for the back button. */
export function replace(address: string): void {
  if (address === location.hash) return;
  history.replaceState(null, "", address);
  hash.value = address;
}
