import { type Operation, operations } from "../generated/operations.js";
import type { OperationName } from "../generated/resources.js";
import { valuesIn } from "../route.js";
import { ownOptions } from "./options.js";
import { type Problem, Refusal } from "./refusal.js";

/** @internal */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const SLUG = /^[\w-]{1,200}$/;

/** What is let through. */
export interface ProxyAllow {
  /** The operations, by name. */
  operations: readonly OperationName[];
  /**
   * The skills, by id; for `marketplace.get` by slug. All of them if absent. A clone has an id of its own, which is not
   * in the list.
   */
  skills?: readonly string[] | undefined;
}

/**
 * What a request asks for.
 * @internal
 */
export interface Call {
  operation: Operation;
  /** The id or slug in the path. */
  skillId: string | undefined;
  executionId: string | undefined;
  query: URLSearchParams;
  /** Path and query below the base address, written from the table. */
  address: string;
}

/**
 * Reads requests by the table of operations, and refuses what is not in it or not allowed.
 * @internal
 */
export class Reader {
  readonly #operations: ReadonlySet<OperationName>;
  readonly #skills: ReadonlySet<string> | undefined;

  constructor(allow: ProxyAllow) {
    const { operations: names, skills } = ownOptions("allow", allow);
    for (const name of names) {
      const operation = operations.find((known) => known.name === name);
      if (!operation) throw new TypeError(`allow.operations: there is no "${name}"`);
      // It would show or make skills that are not in the list. What is public needs no key.
      if (skills && operation.needsKey && !operation.path.includes("{"))
        throw new TypeError(`allow: "${name}" is about no skill in particular and cannot go with "skills"`);
    }
    this.#operations = new Set(names);
    this.#skills = skills && new Set(skills.map(normal));
  }

  /** Whether one of these operations is let through. */
  allows(...names: OperationName[]): boolean {
    return names.some((name) => this.#operations.has(name));
  }

  /** @param path - Below the base path, as it was sent. */
  read(method: string, path: string, text: string): Call {
    const { operation, values } = find(method, path);
    const { name } = operation;
    if (!this.#operations.has(name)) throw new Refusal(403, `This proxy does not let ${name} through`);
    const checked: Record<string, string> = {};
    for (const [key, value] of Object.entries(values)) checked[key] = checkedValue(key, value);
    const skillId = checked.skill_id ?? checked.skill_slug;
    if (skillId !== undefined && this.#skills?.has(skillId) === false)
      throw new Refusal(403, "This proxy does not let this skill through");
    const place = operation.path.replace(/\{(\w+)\}/g, (_, key) => checked[key] ?? "");
    const query = checkedQuery(operation, text);
    const written = query.toString();
    const address = written === "" ? place : `${place}?${written}`;
    return { operation, skillId, executionId: checked.execution_id, query, address };
  }
}

function find(method: string, path: string): { operation: Operation; values: Record<string, string> } {
  const methods: string[] = [];
  for (const operation of operations) {
    const values = valuesIn(path, operation);
    if (values && operation.method === method) return { operation, values };
    if (values) methods.push(operation.method);
  }
  if (methods.length === 0) throw new Refusal(404, "Not Found");
  throw new Refusal(405, "Method Not Allowed", { headers: { allow: methods.join(", ") } });
}

function checkedValue(name: string, value: string): string {
  if (name.endsWith("_id")) {
    if (UUID.test(value)) return normal(value);
    throw invalid("uuid_parsing", ["path", name], "Input should be a valid UUID", value);
  }
  if (SLUG.test(value)) return value;
  throw new Refusal(404, "Skill not found");
}

function checkedQuery(operation: Operation, text: string): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(text)) {
    if (!operation.query.includes(name))
      throw invalid("extra_forbidden", ["query", name], "Extra inputs are not permitted", value);
    query.append(name, value);
  }
  return query;
}

/**
 * A whole number in the query.
 * @internal
 */
export function numberIn(query: URLSearchParams, name: string, usual: number, most: number): number {
  const text = query.get(name) ?? String(usual);
  const number = Number(text);
  if (/^\d{1,15}$/.test(text) && number >= 1 && number <= most) return number;
  throw invalid("int_range", ["query", name], `Input should be a whole number from 1 to ${most}`, text);
}

function invalid(type: string, loc: string[], msg: string, input: string): Refusal {
  const problem: Problem = { type, loc, msg, input };
  return new Refusal(422, [problem]);
}

/** One way to write an id. A slug stays as it is. */
function normal(skill: string): string {
  return UUID.test(skill) ? skill.toLowerCase() : skill;
}
