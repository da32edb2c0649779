// Written by `cargo run -p xtask` from the tables in src/. Do not edit.

/** One of the members known today, or one that a later version of the API brought. */
export type Open<Known extends string> = Known | (string & Record<never, never>);

/** What a parameter of a skill takes. A `cookie` is passed as a string, under the parameter's name. */
export type ParameterType =
  | "string"
  | "number"
  | "boolean"
  | "object"
  | "array"
  | "cookie";

/** What a skill is for. */
export type SkillCategory =
  | "search"
  | "e_commerce"
  | "financial"
  | "news"
  | "real_estate"
  | "social_media"
  | "travel"
  | "marketplace"
  | "lead_generation"
  | "seo"
  | "jobs"
  | "developer"
  | "media"
  | "automation"
  | "integration"
  | "other";

/** How far the generation of a skill is. It ends in `finished`, `failed`, `cancelled` or `timed_out`. */
export type SkillsGenerationStatus =
  | "recording"
  | "generating"
  | "failed"
  | "finished"
  | "cancelled"
  | "timed_out";

/** What the generation of a new skill starts from. */
export interface CreateSkillRequest {
  /**
   * Name of the skill. The service makes one up when there is none.
   * At most 100 characters (Unicode code points).
   */
  title?: string | null | undefined;
  /**
   * What the skill does, in a few sentences. The service makes one up when there is none.
   * At most 1000 characters (Unicode code points).
   */
  description?: string | null | undefined;
  /**
   * What the skill is to achieve and what its caller gets back.
   * At most 1000 characters (Unicode code points).
   */
  goal: string;
  /**
   * What the agent is told to do when it records the skill.
   * At least 10 characters (Unicode code points).
   */
  agentPrompt: string;
}

/** The id of a skill whose generation was started. */
export interface CreateSkillResponse {
  /**
   * Id of the new skill. Poll `skills.get` with it until the status is final.
   * A UUID.
   */
  id: string;
}

/** What a skill is run with. */
export interface ExecuteSkillRequest<Parameters extends object = Record<string, unknown>> {
  /** A value for each of the skill's `parameters`, by name. */
  parameters?: Parameters | undefined;
  /**
   * A session to run in, so that several runs come from the same IP address.
   * A UUID.
   */
  sessionId?: string | null | undefined;
}

/** How a run went. A run that failed is answered like one that succeeded: look at `success`. */
export interface ExecuteSkillResponse<Output = unknown> {
  /** Whether the skill did what it is for. */
  success: boolean;
  /** What the skill returned, untouched. */
  result?: Output | null;
  /** Why it failed. */
  error?: string | null;
  /** What it wrote to its standard error output. */
  stderr?: string | null;
  /** How long it took, in milliseconds. */
  latencyMs?: number | null;
}

/** Which public skills to list, and which page of them. */
export interface MarketplaceListParams {
  /**
   * Skills a page. The API's default is 10.
   * A whole number from 1 to 100.
   */
  pageSize?: number | undefined;
  /**
   * The page, counted from 1. The API's default is 1.
   * A whole number, at least 1.
   */
  pageNumber?: number | undefined;
  /**
   * Only those that this text is found in.
   * At most 100 characters (Unicode code points).
   */
  query?: string | null | undefined;
  /** Only those of this category. */
  category?: SkillCategory | null | undefined;
  /**
   * Only those from this point in time on.
   * RFC 3339 with an offset: `new Date().toISOString()`.
   */
  fromDate?: string | null | undefined;
  /**
   * Only those up to this point in time.
   * RFC 3339 with an offset: `new Date().toISOString()`.
   */
  toDate?: string | null | undefined;
}

/** A page of public skills. */
export interface MarketplaceSkillListResponse {
  /** What is on this page, newest first. */
  items: MarketplaceSkillResponse[];
  /** How many there are on all pages. */
  totalItems: number;
  /** The page, counted from 1. */
  pageNumber: number;
  /** Items a page. */
  pageSize: number;
}

/** A public skill. */
export interface MarketplaceSkillResponse {
  /**
   * Id of the skill: what `marketplace.clone` and `marketplace.execute` take.
   * A UUID.
   */
  id: string;
  /** Its name in the address of its page: what `marketplace.get` takes. */
  slug: string;
  /** Name of the skill. */
  title: string;
  /** What the skill does. */
  description: string;
  /** What the skill is for. */
  categories: Array<Open<SkillCategory>>;
  /** Websites that the skill talks to. */
  domains: string[];
  /** What an execution takes. */
  parameters: ParameterSchema[];
  /** JSON Schema of what an execution returns. */
  outputSchema: Record<string, unknown>;
  /** Number of the version in use, from 1. */
  currentVersion: number | null;
  /** Whether Browser Use vouches for it. */
  isOfficial: boolean;
  /** How often it was cloned. */
  cloneCount: number;
  /** Address of the skill's icon. */
  iconUrl?: string | null;
  /**
   * When it was published first.
   * RFC 3339, as the API writes it.
   */
  firstPublishedAt: string;
  /**
   * When it was published last.
   * RFC 3339, as the API writes it.
   */
  lastPublishedAt: string;
  /**
   * When the skill was created.
   * RFC 3339, as the API writes it.
   */
  createdAt: string;
  /**
   * When the skill was changed last.
   * RFC 3339, as the API writes it.
   */
  updatedAt: string;
}

/** An input that a skill takes. */
export interface ParameterSchema {
  /** The key under `parameters` of an execution. */
  name: string;
  /** What kind of value it takes. */
  type: Open<ParameterType>;
  /** Whether an execution must give it. True when absent. */
  required?: boolean;
  /** What it means. */
  description?: string | null;
  /** The value that is used when an execution gives none. */
  default?: unknown;
  /** For a cookie: the domain that it comes from. */
  cookieDomain?: string | null;
}

/** What is wrong with the last version of a skill. */
export interface RefineSkillRequest {
  /**
   * What is to become better.
   * At least 10 characters (Unicode code points).
   */
  feedback: string;
  /** What the last try returned, for the agent to look at. */
  testOutput?: string | null | undefined;
  /** What the last try logged, for the agent to look at. */
  testLogs?: string | null | undefined;
}

/** The id of a skill whose refinement was started. */
export interface RefineSkillResponse {
  /**
   * Id of the skill: the same as before.
   * A UUID.
   */
  id: string;
}

/** Which page of a skill's executions to list. */
export interface SkillExecutionListParams {
  /**
   * Executions a page. The API's default is 10.
   * A whole number from 1 to 100.
   */
  pageSize?: number | undefined;
  /**
   * The page, counted from 1. The API's default is 1.
   * A whole number, at least 1.
   */
  pageNumber?: number | undefined;
}

/** A page of a skill's executions. */
export interface SkillExecutionListResponse {
  /** What is on this page, newest first. */
  items: SkillExecutionView[];
  /** How many there are on all pages. */
  totalItems: number;
  /** The page, counted from 1. */
  pageNumber: number;
  /** Items a page. */
  pageSize: number;
}

/** Where the output of a run can be fetched. */
export interface SkillExecutionOutputResponse {
  /** Address of the output, valid for 5 minutes. It is a secret of its own: fetch it without the key. */
  downloadUrl: string;
}

/** One past or present run of a skill. */
export interface SkillExecutionView {
  /**
   * Id of the execution.
   * A UUID.
   */
  id: string;
  /**
   * The skill that ran.
   * A UUID.
   */
  skillId: string;
  /** `running`, `completed` or `failed`; the API may add others. */
  status: string;
  /** Whether it did what it is for. False while it runs. */
  success: boolean;
  /**
   * When it began.
   * RFC 3339, as the API writes it.
   */
  startedAt: string;
  /**
   * When it ended; null while it runs.
   * RFC 3339, as the API writes it.
   */
  finishedAt: string | null;
  /** How long it took, in milliseconds; null while it runs. */
  latencyMs: number | null;
  /** Whether `skills.executionOutput` has something to give. */
  hasOutput: boolean;
}

/** Which skills to list, and which page of them. */
export interface SkillListParams {
  /**
   * Skills a page. The API's default is 10.
   * A whole number from 1 to 100.
   */
  pageSize?: number | undefined;
  /**
   * The page, counted from 1. The API's default is 1.
   * A whole number, at least 1.
   */
  pageNumber?: number | undefined;
  /** Only public ones, or only private ones. */
  isPublic?: boolean | null | undefined;
  /** Only enabled ones, or only disabled ones. */
  isEnabled?: boolean | null | undefined;
  /** Only those of this category. */
  category?: SkillCategory | null | undefined;
  /**
   * Only those that this text is found in.
   * At most 100 characters (Unicode code points).
   */
  query?: string | null | undefined;
  /**
   * Only those from this point in time on.
   * RFC 3339 with an offset: `new Date().toISOString()`.
   */
  fromDate?: string | null | undefined;
  /**
   * Only those up to this point in time.
   * RFC 3339 with an offset: `new Date().toISOString()`.
   */
  toDate?: string | null | undefined;
}

/** A page of one's own skills. */
export interface SkillListResponse {
  /** What is on this page, newest first. */
  items: SkillResponse[];
  /** How many there are on all pages. */
  totalItems: number;
  /** The page, counted from 1. */
  pageNumber: number;
  /** Items a page. */
  pageSize: number;
}

/** A skill of one's own project. */
export interface SkillResponse {
  /**
   * Id of the skill.
   * A UUID.
   */
  id: string;
  /** Its name in the address of its marketplace page. */
  slug?: string | null;
  /** Name of the skill. */
  title: string;
  /** What the skill does. */
  description: string;
  /** What the skill is for. */
  categories: Array<Open<SkillCategory>>;
  /** Websites that the skill talks to. */
  domains: string[];
  /** What the skill is to achieve. Not shown in the marketplace. */
  goal?: string | null;
  /** What the agent was told to do. Not shown in the marketplace. */
  agentPrompt?: string | null;
  /** How far the generation is. */
  status: Open<SkillsGenerationStatus>;
  /** What an execution takes. */
  parameters: ParameterSchema[];
  /** JSON Schema of what an execution returns. */
  outputSchema: Record<string, unknown>;
  /** Whether the skill may be executed. */
  isEnabled: boolean;
  /** Whether the skill is in the marketplace. */
  isPublic: boolean;
  /** Address of the skill's icon. */
  iconUrl?: string | null;
  /**
   * When it was put into the marketplace first.
   * RFC 3339, as the API writes it.
   */
  firstPublishedAt?: string | null;
  /**
   * When it was put into the marketplace last.
   * RFC 3339, as the API writes it.
   */
  lastPublishedAt?: string | null;
  /** Number of the version in use, from 1; null before the first one is finished. */
  currentVersion: number | null;
  /**
   * When the generation of the version in use began.
   * RFC 3339, as the API writes it.
   */
  currentVersionStartedAt?: string | null;
  /**
   * When the generation of the version in use ended.
   * RFC 3339, as the API writes it.
   */
  currentVersionFinishedAt?: string | null;
  /** The generated code, base64. Only on enterprise plans. */
  code?: string | null;
  /**
   * The marketplace skill that this one is a copy of.
   * A UUID.
   */
  clonedFromSkillId?: string | null;
  /**
   * When the skill was created.
   * RFC 3339, as the API writes it.
   */
  createdAt: string;
  /**
   * When the skill was changed last.
   * RFC 3339, as the API writes it.
   */
  updatedAt: string;
}

/** A change to what is said about a skill. A field that is absent stays as it is. */
export interface UpdateSkillRequest {
  /**
   * Name of the skill.
   * At most 100 characters (Unicode code points).
   */
  title?: string | null | undefined;
  /**
   * What the skill does.
   * At most 1000 characters (Unicode code points).
   */
  description?: string | null | undefined;
  /** What the skill is for. */
  categories?: readonly SkillCategory[] | null | undefined;
  /** Websites that the skill talks to. */
  domains?: readonly string[] | null | undefined;
  /** Whether the skill may be executed. A plan limits how many are enabled at once. */
  isEnabled?: boolean | null | undefined;
}
