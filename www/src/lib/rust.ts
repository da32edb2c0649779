/** Rust for the action of a view: the `main.rs` of a front end. */
import type { Connection } from "../session/connection.js";
import {
  type Action,
  neededOrigin,
  needsSession,
  type Origin,
  type Preparation,
  REASONS,
  SESSION_REASON,
} from "./action.js";
import { CLOUD, LOCAL_EMULATOR } from "./servers.js";

const WAIT = "browser_use_skills::WaitOptions";

interface Written {
  /** Paths to import. */
  readonly uses: readonly string[];
  readonly lines: readonly string[];
  /** The variable to print. */
  readonly shown: string;
}

export function rust(action: Action, live: Connection, preparation: Preparation = {}): string {
  const origin = live.mode === "emulator" ? neededOrigin(action, preparation) : undefined;
  const before = origin ? preparing(origin, action.is === "get") : { uses: [], lines: [] };
  const session = needsSession(action, live);
  const { uses, lines, shown } = call(action, origin ? "skill.id" : undefined, session);
  const paths = new Set(["browser_use_skills::{Client, Config, Error}", ...before.uses, ...uses]);
  const body = [
    `let client = Client::new(Config::default()${config(live)})?;`,
    ...before.lines,
    ...(session
      ? [
          `// ${SESSION_REASON}`,
          "let session = client.sessions().create(&CreateSessionRequest::default()).await?;",
        ]
      : []),
    ...(origin && action.is === "executions" ? ["// The skill has not run yet."] : []),
    ...lines,
    `console::log_1(&format!("{${shown}:#?}").into());`,
    "Ok(())",
  ];
  return [
    ...comments(live, preparation, [...paths]),
    ...[...paths, "wasm_bindgen_futures::spawn_local", "web_sys::console"]
      .sort()
      .map((path) => `use ${path};`),
    "",
    "async fn run() -> Result<(), Error> {",
    ...body
      .join("\n")
      .split("\n")
      .map((line) => line && `    ${line}`),
    "}",
    "",
    "fn main() {",
    "    spawn_local(async {",
    "        if let Err(error) = run().await {",
    "            console::error_1(&error.to_string().into());",
    "        }",
    "    });",
    "}",
    "",
  ].join("\n");
}

/** What the program needs. */
function comments(live: Connection, { seed }: Preparation, paths: readonly string[]): string[] {
  const uses = (name: string) => paths.some((path) => path.startsWith(`${name}::`));
  const options = seed === undefined ? "" : ` --seed ${seed}`;
  return [
    "// src/main.rs of a page, with an empty index.html: trunk serve",
    ...(live.mode === "emulator"
      ? [
          "// Rust cannot use the emulator in a page. Start one over HTTP:",
          `// npx browser-use-skills emulator${options}`,
        ]
      : []),
    ...(live.mode === "key" ? ["// Insert your key. Everyone with access to the page can read it."] : []),
    "//",
    "// Cargo.toml:",
    "// [dependencies]",
    '// browser-use-skills = "0.1"',
    ...(uses("serde_json") ? ['// serde_json = "1"'] : []),
    ...(uses("uuid") ? ['// uuid = "1"'] : []),
    '// wasm-bindgen-futures = "0.4"',
    '// web-sys = { version = "0.3", features = ["console"] }',
  ];
}

/** @param isWatched - Whether the program shows the status, and need not wait for the generation. */
function preparing(origin: Origin, isWatched: boolean): { uses: string[]; lines: string[] } {
  const { refinements } = origin;
  const uses: string[] = [];
  const lines = [`// ${REASONS[origin.is]}`];
  switch (origin.is) {
    case "public":
      lines.push(`let skill = client.marketplace().get(${rustText(origin.slug)}).await?;`);
      break;
    case "clone":
      uses.push("uuid::uuid");
      lines.push(`let skill = client.marketplace().clone_skill(${uuid(origin.of)}).await?;`);
      break;
    case "creation":
      uses.push("browser_use_skills::api::CreateSkillRequest");
      lines.push(`let request = ${struct("CreateSkillRequest", origin.body, ["goal", "agentPrompt"])};`);
      if (isWatched && refinements === 0) lines.push("let skill = client.skills().create(&request).await?;");
      else {
        uses.push(WAIT);
        lines.push("let skill = client.skills().create_and_wait(&request, WaitOptions::default()).await?;");
      }
  }
  if (refinements > 0) {
    uses.push("browser_use_skills::api::RefineSkillRequest", WAIT);
    lines.push(
      `for version in 2..=${refinements + 1} {`,
      '    let feedback = format!("The feedback for version {version}");',
      "    let request = RefineSkillRequest { feedback, ..Default::default() };",
      "    client.skills().refine_and_wait(skill.id, &request, WaitOptions::default()).await?;",
      "}",
    );
  }
  return { uses, lines };
}

function config(live: Connection): string {
  const key = live.mode === "proxy" ? "" : `.api_key("${live.mode === "key" ? "bu_…" : "bu_anything"}")`;
  // Rust cannot use the emulator in the page: use the one over HTTP.
  const baseUrl = live.mode === "emulator" ? LOCAL_EMULATOR : live.baseUrl;
  return baseUrl === CLOUD ? key : `${key}.base_url(${rustText(baseUrl)})`;
}

/**
 * @param given - Expression with the id of the skill; undefined for the id itself.
 * @param hasSession - Whether the variable `session` is the session of the run.
 */
function call(action: Action, given: string | undefined, hasSession: boolean): Written {
  const idUses = given === undefined ? ["uuid::uuid"] : [];
  const id = (value: string) => given ?? uuid(value);
  switch (action.is) {
    case "browse":
      return {
        uses: ["browser_use_skills::api::MarketplaceListParams"],
        lines: [
          `let params = ${struct("MarketplaceListParams", action.params)};`,
          "let page = client.marketplace().list(&params).await?;",
        ],
        shown: "page",
      };
    case "getPublic":
      return {
        uses: [],
        lines: [`let skill = client.marketplace().get(${rustText(action.slug)}).await?;`],
        shown: "skill",
      };
    case "list":
      return {
        uses: ["browser_use_skills::api::SkillListParams"],
        lines: [
          `let params = ${struct("SkillListParams", action.params)};`,
          "let page = client.skills().list(&params).await?;",
        ],
        shown: "page",
      };
    case "get":
      return {
        uses: idUses,
        lines: [`let skill = client.skills().get(${id(action.id)}).await?;`],
        shown: "skill",
      };
    case "create":
      return {
        uses: ["browser_use_skills::api::CreateSkillRequest", WAIT],
        lines: [
          `let request = ${struct("CreateSkillRequest", action.body, ["goal", "agentPrompt"])};`,
          "let skill = client.skills().create_and_wait(&request, WaitOptions::default()).await?;",
        ],
        shown: "skill",
      };
    case "refine":
      return {
        uses: ["browser_use_skills::api::RefineSkillRequest", WAIT, ...idUses],
        lines: [
          `let request = ${struct("RefineSkillRequest", action.body, ["feedback"])};`,
          `let skill = client.skills().refine_and_wait(${id(action.id)}, &request, WaitOptions::default()).await?;`,
        ],
        shown: "skill",
      };
    case "executions":
      return {
        uses: ["browser_use_skills::api::SkillExecutionListParams", ...idUses],
        lines: [
          "let params = SkillExecutionListParams::default();",
          `let page = client.skills().executions(${id(action.id)}, &params).await?;`,
        ],
        shown: "page",
      };
    case "run":
      return run(action, idUses, id(action.id), hasSession);
  }
}

function run(
  action: Extract<Action, { is: "run" }>,
  idUses: string[],
  id: string,
  hasSession: boolean,
): Written {
  const { isOwn, parameters, sessionId, recover } = action;
  const isRecovered = isOwn && recover;
  const session = hasSession ? "session.id" : sessionId && uuid(sessionId);
  const uses = [
    `browser_use_skills::api::{${hasSession ? "CreateSessionRequest, " : ""}ExecuteSkillRequest, ExecuteSkillResponse}`,
    "serde_json::{Value, json}",
    ...idUses,
  ];
  if (sessionId && !hasSession) uses.push("uuid::uuid");
  if (isRecovered) uses.push("browser_use_skills::{Recover, RequestOptions}");
  const group = isOwn ? "skills" : "marketplace";
  const json = escapedForRust(JSON.stringify(parameters, null, 4)).replaceAll("\n", "\n    ");
  return {
    uses,
    lines: [
      ...(isRecovered
        ? ["let client = client.with(RequestOptions::default().recover(Recover::default()))?;"]
        : []),
      "let request = ExecuteSkillRequest {",
      `    parameters: Some(json!(${json})),`,
      `    session_id: ${session ? `Some(${session})` : "None"},`,
      "};",
      "let run: ExecuteSkillResponse<Value> =",
      `    client.${group}().execute(${id}, &request).await?;`,
    ],
    shown: "run",
  };
}

/** Formats a struct literal. Fields that are not `required` are wrapped in `Some`. */
function struct(name: string, value: object, required: readonly string[] = []): string {
  const entries = Object.entries(value).filter(
    ([, field]) => field !== undefined && field !== null && field !== "",
  );
  const fields = entries.map(([key, field]) => {
    const written = rustValue(key, field);
    return `    ${snake(key)}: ${required.includes(key) ? written : `Some(${written})`},`;
  });
  if (fields.length === 0) return `${name}::default()`;
  return `${name} {\n${[...fields, "    ..Default::default()"].join("\n")}\n}`;
}

function rustValue(name: string, value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value);
  if (name === "category") return `${rustText(value)}.to_owned().into()`;
  const text = `${rustText(value)}.into()`;
  return name.endsWith("Date") ? `browser_use_skills::api::DateTime(${text})` : text;
}

const rustText = (value: string) => escapedForRust(JSON.stringify(value));

/** Converts the escapes of JSON to those of Rust. */
function escapedForRust(json: string): string {
  return json.replace(/\\(?:u([0-9a-f]{4})|(.))/g, (whole, code: string | undefined, letter: string) => {
    const unknown = { b: "0008", f: "000c" }[letter] ?? code;
    return unknown ? `\\u{${unknown}}` : whole;
  });
}

const uuid = (id: string) => `uuid!(${rustText(id)})`;

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
