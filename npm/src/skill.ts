import { Client } from "wasm-client";
import type { Bridge } from "./bridge.js";
import { ResponseError, SkillExecutionError } from "./generated/errors.js";
import type { AccountView, SkillResponse } from "./generated/models.js";
import { Billing } from "./generated/resources.js";
import type { KnownSkills } from "./known.js";
import { BATCH } from "./load.js";
import type { RequestOptions } from "./options.js";
import type { ExecuteOptions, Execution } from "./recovery.js";
import { mapErrors } from "./reject.js";
import type { Skills } from "./skills.js";

/** A schema of Zod, Valibot, ArkType or another library that implements Standard Schema (https://standardschema.dev). */
export interface StandardSchema<Output = unknown> {
  /** The Standard Schema properties. */
  readonly "~standard": {
    /** Version of the standard. */
    readonly version: 1;
    /** Name of the schema library. */
    readonly vendor: string;
    /** Validates and parses a value. */
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    /** Inferred types; absent at run time. */
    readonly types?: SchemaTypes<Output> | undefined;
  };
}

/** Input and output types of a schema. */
export interface SchemaTypes<Output> {
  /** Input type. */
  readonly input: unknown;
  /** Output type. */
  readonly output: Output;
}

/** Result of validating a value: the parsed value or the issues. */
export type SchemaResult<Output> =
  | {
      /** The parsed value. */
      readonly value: Output;
      /** Absent if the value is valid. */
      readonly issues?: undefined;
    }
  | {
      /** The validation errors. */
      readonly issues: readonly SchemaIssue[];
    };

/** A validation error of a schema. */
export interface SchemaIssue {
  /** Human-readable message. */
  readonly message: string;
}

/** Options of a skill handle. */
export interface SkillOptions<Output> {
  /** Parses the output; `run` resolves to the parsed value. */
  schema?: StandardSchema<Output> | undefined;
  /**
   * Unwraps outputs of the shape `{ success, data, error }`, which many skills return: `run` resolves to `data`, and
   * rejects if `success` is false. Other outputs are returned unchanged. `false` returns all outputs unchanged.
   * @defaultValue `true`
   */
  unwrap?: boolean | undefined;
}

/** Options of one run. */
export interface RunOptions extends ExecuteOptions {
  /** Session to run in, so that several runs use the same IP address. A UUID. */
  sessionId?: string | undefined;
}

/** Parameters of a known skill. */
export type ParametersOf<Id extends keyof KnownSkills> =
  KnownSkills[Id] extends Record<"parameters", infer Parameters extends object>
    ? Parameters
    : Record<string, unknown>;

/** Output of a known skill. */
export type OutputOf<Id extends keyof KnownSkills> =
  KnownSkills[Id] extends Record<"output", infer Output> ? Output : unknown;

/** Handle that runs one skill like a function. */
export class Skill<Parameters extends object, Output> {
  /** Id of the skill. */
  readonly id: string;
  readonly #skills: Skills;
  readonly #bridge: Bridge;
  readonly #options: SkillOptions<Output>;
  #skill: Promise<SkillResponse> | undefined;

  /** @internal */
  constructor(skill: string | SkillResponse, skills: Skills, bridge: Bridge, options: SkillOptions<Output>) {
    this.id = typeof skill === "string" ? skill : skill.id;
    if (typeof skill !== "string") this.#skill = Promise.resolve(skill);
    this.#skills = skills;
    this.#bridge = bridge;
    this.#options = options;
  }

  /**
   * Runs the skill and resolves to its output. Costs credits. Validates the parameters first, before any credits are
   * spent.
   *
   * @throws {@link InvalidRequestError} The parameters are invalid; no credits were spent.
   * @throws {@link SkillExecutionError} The skill ran and failed.
   * @throws {@link ResponseError} The output does not match `schema`.
   */
  async run(parameters: Parameters, options: RunOptions = {}): Promise<Output> {
    const { sessionId, ...executeOptions } = options;
    const { recover, retry, extraBody, ...readOptions } = executeOptions;
    const begunAt = performance.now();
    await this.#validate(parameters, readOptions);
    if (executeOptions.totalTimeout !== undefined) {
      // Validating the parameters counts towards the limit, which must stay positive.
      const left = executeOptions.totalTimeout - (performance.now() - begunAt);
      executeOptions.totalTimeout = Math.max(left, Number.MIN_VALUE);
    }
    const execution = await this.#skills.execute(
      this.id,
      { parameters: { ...parameters }, sessionId },
      executeOptions,
    );
    return this.#parse(unwrap(execution, this.#options.unwrap ?? true), execution);
  }

  /**
   * Calls `use` with the client and the skill, and loads the WebAssembly for batches first.
   * @internal
   */
  async use<Value>(
    use: (client: Client, skill: SkillResponse) => Promise<Value>,
    options: RequestOptions,
  ): Promise<Value> {
    const skill = await this.#get(options);
    return mapErrors(this.#bridge.use((client) => use(client, skill), options, BATCH));
  }

  /**
   * Returns the account, which has the balance.
   * @internal
   */
  account(options: RequestOptions): Promise<AccountView> {
    return new Billing(this.#bridge.call).account(options);
  }

  async #validate(parameters: Parameters, options: RequestOptions): Promise<void> {
    const wasCached = this.#skill !== undefined;
    try {
      const skill = await this.#get(options);
      await mapErrors(this.#bridge.use(async () => Client.checkParameters(skill, parameters), options));
    } catch (error) {
      // The cached skill may be an old version: validate with a fresh one.
      this.#skill = undefined;
      if (!wasCached) throw error;
      await this.#validate(parameters, options);
    }
  }

  #get(options: RequestOptions): Promise<SkillResponse> {
    this.#skill ??= this.#skills.get(this.id, options);
    return this.#skill;
  }

  async #parse(output: unknown, execution: Execution): Promise<Output> {
    const { schema } = this.#options;
    if (!schema) return output as Output;
    const parsed = await schema["~standard"].validate(output);
    if (parsed.issues === undefined) return parsed.value;
    const message = parsed.issues.map((issue) => issue.message).join("; ");
    throw new ResponseError({
      code: "response",
      message: `The output does not match the schema: ${message}`,
      operation: "skills.execute",
      body: execution,
      cause: parsed.issues,
      maybeExecuted: true,
    });
  }
}

/** Returns the output of an execution. Throws if the skill failed. */
function unwrap(execution: Execution, isUnwrapped: boolean): unknown {
  const { success, result } = execution;
  if (!success) throw executionError(execution, execution.error);
  if (!isUnwrapped || !isWrapped(result)) return result;
  if (!result.success) throw executionError(execution, result.error);
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

function executionError(execution: Execution, reason: unknown): SkillExecutionError {
  const text = typeof reason === "string" ? reason : reason == null ? undefined : JSON.stringify(reason);
  return new SkillExecutionError({
    code: "skill_execution",
    message: `The skill ran and failed: ${text ?? "it gives no reason"}`,
    operation: "skills.execute",
    executionError: text,
    stderr: execution.stderr ?? undefined,
    latencyMs: execution.latencyMs ?? undefined,
    executionId: execution.executionId,
    body: execution,
    maybeExecuted: true,
  });
}
