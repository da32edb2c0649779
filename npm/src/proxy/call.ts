import { type Operation, operations } from "../generated/operations.js";
import type { OperationName } from "../generated/resources.js";
import { matchPath } from "../route.js";
import { HttpError, type ValidationError } from "./http-error.js";
import { ownOptions } from "./options.js";

/** @internal */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const SLUG = /^[\w-]{1,200}$/;

/** The operations and skills that a proxy allows. */
export interface ProxyAllow {
  /**
   * Names of the operations. Those of sessions, billing and profiles are not restricted to a user: every user that `authorize` allows
   * sees and stops the sessions of the whole account.
   */
  operations: readonly OperationName[];
  /** Ids of the skills, or slugs for `marketplace.get`. Default: all skills. A clone gets a new id, which is not in the list. */
  skills?: readonly string[] | undefined;
}

/**
 * A parsed request.
 * @internal
 */
export interface Call {
  operation: Operation;
  /** Id or slug from the path. */
  skillId: string | undefined;
  executionId: string | undefined;
  query: URLSearchParams;
  /** Path and query relative to the base URL, rebuilt from the operation table. */
  target: string;
}

/**
 * Parses requests by the operation table. Rejects those that it does not contain or that are not allowed.
 * @internal
 */
export class CallParser {
  readonly #operations: ReadonlySet<OperationName>;
  readonly #skills: ReadonlySet<string> | undefined;

  constructor(allow: ProxyAllow) {
    const { operations: names, skills } = ownOptions("allow", allow);
    for (const name of names) {
      const operation = operations.find((candidate) => candidate.name === name);
      if (!operation) throw new TypeError(`allow.operations: there is no "${name}"`);
      // It would not be restricted to the skills of the list. Operations without a key return public data.
      if (skills && operation.needsKey && !operation.path.includes("{skill"))
        throw new TypeError(
          `allow: "${name}" is not restricted to a skill and cannot be combined with "skills"`,
        );
    }
    this.#operations = new Set(names);
    this.#skills = skills && new Set(skills.map(normalizeId));
  }

  /** Whether one of these operations is allowed. */
  allows(...names: OperationName[]): boolean {
    return names.some((name) => this.#operations.has(name));
  }

  /** @param path - Raw path, relative to the base path. */
  parse(method: string, path: string, text: string): Call {
    const { operation, values } = findOperation(method, path);
    const { name } = operation;
    if (!this.#operations.has(name)) throw new HttpError(403, `This proxy does not allow ${name}`);
    const checked: Record<string, string> = {};
    for (const [key, value] of Object.entries(values)) checked[key] = validatePathValue(key, value);
    const skillId = checked.skill_id ?? checked.skill_slug;
    if (skillId !== undefined && this.#skills?.has(skillId) === false)
      throw new HttpError(403, "This proxy does not allow this skill");
    const pathname = operation.path.replace(/\{(\w+)\}/g, (_, key) => checked[key] ?? "");
    const query = validateQuery(operation, text);
    const search = query.toString();
    const target = search === "" ? pathname : `${pathname}?${search}`;
    return { operation, skillId, executionId: checked.execution_id, query, target };
  }
}

function findOperation(
  method: string,
  path: string,
): { operation: Operation; values: Record<string, string> } {
  const methods: string[] = [];
  for (const operation of operations) {
    const values = matchPath(path, operation);
    if (values && operation.method === method) return { operation, values };
    if (values) methods.push(operation.method);
  }
  if (methods.length === 0) throw new HttpError(404, "Not Found");
  throw new HttpError(405, "Method Not Allowed", { headers: { allow: methods.join(", ") } });
}

function validatePathValue(name: string, value: string): string {
  if (name.endsWith("_id")) {
    if (UUID.test(value)) return normalizeId(value);
    throw invalid("uuid_parsing", ["path", name], "Input should be a valid UUID", value);
  }
  if (SLUG.test(value)) return value;
  throw new HttpError(404, "Skill not found");
}

function validateQuery(operation: Operation, text: string): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(text)) {
    if (!operation.query.includes(name))
      throw invalid("extra_forbidden", ["query", name], "Extra inputs are not permitted", value);
    query.append(name, value);
  }
  return query;
}

/**
 * Parses an integer parameter of the query, from 1 to `max`.
 * @internal
 */
export function parseNumber(query: URLSearchParams, name: string, fallback: number, max: number): number {
  const text = query.get(name) ?? String(fallback);
  const number = Number(text);
  if (/^\d{1,15}$/.test(text) && number >= 1 && number <= max) return number;
  throw invalid("int_range", ["query", name], `Input should be an integer from 1 to ${max}`, text);
}

function invalid(type: string, loc: string[], msg: string, input: string): HttpError {
  const error: ValidationError = { type, loc, msg, input };
  return new HttpError(422, [error]);
}

/** Lowercases an id. Returns a slug unchanged. */
function normalizeId(skill: string): string {
  return UUID.test(skill) ? skill.toLowerCase() : skill;
}
