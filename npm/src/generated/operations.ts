// Written by `cargo run -p xtask` from the tables in src/. Do not edit.

import type { OperationName } from "./resources.js";

/** What the API's table says of an operation. */
export interface Operation {
  readonly name: OperationName;
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Below the base address. A parameter in braces whose name ends in `_id` is a UUID, any other a slug. */
  readonly path: string;
  /** Whether it takes a JSON body. */
  readonly takesBody: boolean;
  /** The names that its query may have. */
  readonly query: readonly string[];
  readonly needsKey: boolean;
  /** How long it may take by default, in milliseconds. */
  readonly timeout: number;
}

/** Every operation, in the order of the contract. */
export const operations: readonly Operation[] = [
  {
    name: "skills.create",
    method: "POST",
    path: "/skills",
    takesBody: true,
    query: [],
    needsKey: true,
    timeout: 60000,
  },
  {
    name: "skills.list",
    method: "GET",
    path: "/skills",
    takesBody: false,
    query: ["pageSize", "pageNumber", "isPublic", "isEnabled", "category", "query", "fromDate", "toDate"],
    needsKey: true,
    timeout: 60000,
  },
  {
    name: "skills.get",
    method: "GET",
    path: "/skills/{skill_id}",
    takesBody: false,
    query: [],
    needsKey: true,
    timeout: 60000,
  },
  {
    name: "skills.update",
    method: "PATCH",
    path: "/skills/{skill_id}",
    takesBody: true,
    query: [],
    needsKey: true,
    timeout: 60000,
  },
  {
    name: "skills.delete",
    method: "DELETE",
    path: "/skills/{skill_id}",
    takesBody: false,
    query: [],
    needsKey: true,
    timeout: 60000,
  },
  {
    name: "skills.cancel",
    method: "POST",
    path: "/skills/{skill_id}/cancel",
    takesBody: false,
    query: [],
    needsKey: true,
    timeout: 60000,
  },
  {
    name: "skills.execute",
    method: "POST",
    path: "/skills/{skill_id}/execute",
    takesBody: true,
    query: [],
    needsKey: true,
    timeout: 300000,
  },
  {
    name: "skills.refine",
    method: "POST",
    path: "/skills/{skill_id}/refine",
    takesBody: true,
    query: [],
    needsKey: true,
    timeout: 60000,
  },
  {
    name: "skills.rollback",
    method: "POST",
    path: "/skills/{skill_id}/rollback",
    takesBody: false,
    query: [],
    needsKey: true,
    timeout: 60000,
  },
  {
    name: "skills.executions",
    method: "GET",
    path: "/skills/{skill_id}/executions",
    takesBody: false,
    query: ["pageSize", "pageNumber"],
    needsKey: true,
    timeout: 60000,
  },
  {
    name: "skills.executionOutput",
    method: "GET",
    path: "/skills/{skill_id}/executions/{execution_id}/output",
    takesBody: false,
    query: [],
    needsKey: true,
    timeout: 60000,
  },
  {
    name: "marketplace.list",
    method: "GET",
    path: "/marketplace/skills",
    takesBody: false,
    query: ["pageSize", "pageNumber", "query", "category", "fromDate", "toDate"],
    needsKey: false,
    timeout: 60000,
  },
  {
    name: "marketplace.get",
    method: "GET",
    path: "/marketplace/skills/{skill_slug}",
    takesBody: false,
    query: [],
    needsKey: false,
    timeout: 60000,
  },
  {
    name: "marketplace.clone",
    method: "POST",
    path: "/marketplace/skills/{skill_id}/clone",
    takesBody: false,
    query: [],
    needsKey: true,
    timeout: 60000,
  },
  {
    name: "marketplace.execute",
    method: "POST",
    path: "/marketplace/skills/{skill_id}/execute",
    takesBody: true,
    query: [],
    needsKey: true,
    timeout: 300000,
  },
];

/** Where the cloud is. */
export const defaultBaseUrl = "https://api.browser-use.com/api/v2";

/** The header that the key goes out in. */
export const keyHeader = "X-Browser-Use-API-Key";
