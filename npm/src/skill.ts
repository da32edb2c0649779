import { Client } from "wasm-client";
import { ResponseError, SkillExecutionError } from "./generated/errors.js";
import type { SkillResponse } from "./generated/models.js";
import type { KnownSkills } from "./known.js";
import type { RequestOptions } from "./options.js";
import type { ExecuteOptions, Execution } from "./recovery.js";
import { explained } from "./reject.js";
import type { Lend, Skills } from "./skills.js";

/** A schema of zod, valibot, arktype or any library that follows Standard Schema (https://standardschema.dev). */
export interface StandardSchema<Output = unknown> {
  /** What the standard asks of a schema. */
  readonly "~standard": {
    /** The version of the standard. */
    readonly version: 1;
    /** The name of the schema's library. */
    readonly vendor: string;
    /** Parses a value. */
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    /** For the type system only. */
    readonly types?: SchemaTypes<Output> | undefined;
  };
}

/** What a schema takes and makes, for the type system. */
export interface SchemaTypes<Output> {
  /** What it takes. */
  readonly input: unknown;
  /** What it makes. */
  readonly output: Output;
}

/** What a schema says of a value: what it makes of it, or what is wrong with it. */
export type SchemaResult<Output> =
  | {
      /** What it makes of the value. */
      readonly value: Output;
      /** Nothing is wrong. */
      readonly issues?: undefined;
    }
  | {
      /** What is wrong. */
      readonly issues: readonly SchemaIssue[];
    };

/** Something that a schema finds wrong with a value. */
export interface SchemaIssue {
  /** What it is, in words. */
  readonly message: string;
}

/** How the output of a skill is handed over. */
export interface SkillOptions<Output> {
  /** Parses the output; what it makes of it is what `run` resolves to. */
  schema?: StandardSchema<Output> | undefined;
  /**
   * Many skills wrap their output once more, as `{ success, data, error }`. By default exactly that shape is
   * recognised: `data` is handed over, and `success: false` is an error. `false` hands over everything as it is.
   * @defaultValue `true`
   */
  unwrap?: boolean | undefined;
}

/** What one run may ask for. */
export interface RunOptions extends ExecuteOptions {
  /** A session to run in, so that several runs come from the same IP address. A UUID. */
  sessionId?: string | undefined;
}

/** What a known skill takes. */
export type ParametersOf<Id extends keyof KnownSkills> =
  Member<KnownSkills[Id], "parameters"> extends infer Parameters extends object
    ? Parameters
    : Record<string, unknown>;

/** What a known skill gives. */
export type OutputOf<Id extends keyof KnownSkills> = Member<KnownSkills[Id], "output">;

/** The type of a member; unknown if there is none. */
export type Member<Type, Name extends string> = Type extends Record<Name, infer Value> ? Value : unknown;

/** One skill, ready to be run like a function. */
export class Skill<Parameters extends object, Output> {
  /** The skill's id. */
  readonly id: string;
  readonly #skills: Skills;
  readonly #lend: Lend;
  readonly #options: SkillOptions<Output>;
  #known: Promise<SkillResponse> | undefined;

  /** @internal */
  constructor(skill: string | SkillResponse, skills: Skills, lend: Lend, options: SkillOptions<Output>) {
    this.id = typeof skill === "string" ? skill : skill.id;
    if (typeof skill !== "string") this.#known = Promise.resolve(skill);
    this.#skills = skills;
    this.#lend = lend;
    this.#options = options;
  }

  /**
   * Runs the skill and resolves to its output. Costs credits. Parameters are held against those that the skill takes
   * before anything is spent.
   *
   * @throws {@link InvalidRequestError} The skill does not take such parameters; nothing was spent.
   * @throws {@link SkillExecutionError} The skill ran and failed.
   * @throws {@link ResponseError} The output is not what `schema` asks for.
   */
  async run(parameters: Parameters, options: RunOptions = {}): Promise<Output> {
    const { sessionId, ...execution } = options;
    const { recover, retry, extraBody, ...read } = execution;
    const begunAt = performance.now();
    await this.#check(parameters, read);
    if (execution.totalTimeout !== undefined) {
      // What validating the parameters took is part of it. Less than a millisecond is no time that can be asked for.
      const left = execution.totalTimeout - (performance.now() - begunAt);
      execution.totalTimeout = Math.max(left, Number.MIN_VALUE);
    }
    const answer = await this.#skills.execute(
      this.id,
      { parameters: { ...parameters }, sessionId },
      execution,
    );
    return this.#parse(unwrap(answer, this.#options.unwrap ?? true), answer);
  }

  async #check(parameters: Parameters, options: RequestOptions): Promise<void> {
    const wasKnown = this.#known !== undefined;
    try {
      const skill = await this.#get(options);
      await explained(this.#lend(async () => Client.checkParameters(skill, parameters), options));
    } catch (error) {
      // What is known may be of an old version, or was never got.
      this.#known = undefined;
      if (!wasKnown) throw error;
      await this.#check(parameters, options);
    }
  }

  #get(options: RequestOptions): Promise<SkillResponse> {
    this.#known ??= this.#skills.get(this.id, options);
    return this.#known;
  }

  async #parse(output: unknown, answer: Execution): Promise<Output> {
    const { schema } = this.#options;
    if (!schema) return output as Output;
    const parsed = await schema["~standard"].validate(output);
    if (parsed.issues === undefined) return parsed.value;
    const message = parsed.issues.map((issue) => issue.message).join("; ");
    throw new ResponseError({
      code: "response",
      message: `The output is not what the schema asks for: ${message}`,
      operation: "skills.execute",
      body: answer,
      cause: parsed.issues,
      maybeExecuted: true,
    });
  }
}

/** The output of a run, or the error that the skill failed with. */
function unwrap(answer: Execution, isUnwrapped: boolean): unknown {
  const { success, result } = answer;
  if (!success) throw failure(answer, answer.error);
  if (!isUnwrapped || !isWrapped(result)) return result;
  if (!result.success) throw failure(answer, result.error);
  return result.data;
}

interface Wrapped {
  success: boolean;
  data?: unknown;
  error?: unknown;
}

function isWrapped(result: unknown): result is Wrapped {
  if (typeof result !== "object" || result === null || Array.isArray(result)) return false;
  const { success, ...rest } = result as Record<string, unknown>;
  const keys = Object.keys(rest);
  return (
    typeof success === "boolean" && keys.length > 0 && keys.every((key) => key === "data" || key === "error")
  );
}

function failure(answer: Execution, said: unknown): SkillExecutionError {
  const executionError = typeof said === "string" ? said : said == null ? undefined : JSON.stringify(said);
  return new SkillExecutionError({
    code: "skill_execution",
    message: `The skill ran and failed: ${executionError ?? "it does not say why"}`,
    operation: "skills.execute",
    executionError,
    stderr: answer.stderr ?? undefined,
    latencyMs: answer.latencyMs ?? undefined,
    executionId: answer.executionId,
    body: answer,
    maybeExecuted: true,
  });
}
