/** Repeats a recorded GET as a new call of the client, with its retries. */
import type { MarketplaceListParams, SkillListParams } from "browser-use-skills";
import { client } from "./connection.js";
import type { RecordedCall } from "./recorder.js";

/** Returns a function that repeats the call, or undefined if it is not a GET. */
export function replayOf({ operation, exchanges }: RecordedCall): (() => PromiseLike<unknown>) | undefined {
  const [first] = exchanges;
  if (first?.method !== "GET") return undefined;
  const { pathname, searchParams } = new URL(first.url, location.href);
  const [id = "", , executionId = ""] = pathname
    .replace(/^.*\/skills\/?/, "")
    .split("/")
    .map(decodeURIComponent);
  const params = Object.fromEntries([...searchParams].map(([name, text]) => [name, typed(name, text)]));
  const { skills, marketplace } = client.peek();
  switch (operation) {
    case "skills.list":
      return () => skills.list(params as SkillListParams);
    case "skills.get":
      return () => skills.get(id);
    case "skills.executions":
      return () => skills.executions(id, params);
    case "skills.executionOutput":
      return () => skills.executionOutput(id, executionId);
    case "marketplace.list":
      return () => marketplace.list(params as MarketplaceListParams);
    case "marketplace.get":
      return () => marketplace.get(id);
    default:
      return undefined;
  }
}

function typed(name: string, text: string): unknown {
  if (name === "pageNumber" || name === "pageSize") return Number(text);
  return name.startsWith("is") ? text === "true" : text;
}
