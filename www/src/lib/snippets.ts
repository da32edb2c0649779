/** Generates code for the action of a view, in JavaScript and Rust. */
import type {
  CreateSkillRequest,
  MarketplaceListParams,
  RefineSkillRequest,
  SkillListParams,
} from "browser-use-skills";
import type { Connection } from "../session/connection.js";
import { CLOUD, LOCAL_EMULATOR } from "./servers.js";

const WAIT = "browser_use_skills::WaitOptions";

export type Action =
  | { readonly is: "browse"; readonly params: MarketplaceListParams }
  | { readonly is: "getPublic"; readonly slug: string }
  | { readonly is: "list"; readonly params: SkillListParams }
  | { readonly is: "get"; readonly id: string }
  | { readonly is: "create"; readonly body: CreateSkillRequest }
  | { readonly is: "refine"; readonly id: string; readonly body: RefineSkillRequest }
  | { readonly is: "executions"; readonly id: string }
  | {
      readonly is: "run";
      readonly id: string;
      readonly isOwn: boolean;
      readonly parameters: Record<string, unknown>;
      readonly sessionId: string | undefined;
      readonly recover: boolean;
    };

export function javaScript(action: Action, live: Connection): string {
  const emulation = 'import { createEmulator } from "browser-use-skills/emulator";';
  const imports = ['import { BrowserUse } from "browser-use-skills";'];
  if (live.mode === "emulator") imports.push(emulation);
  return [
    ...imports,
    "",
    `const client = new BrowserUse(${optionsInJavaScript(live)});`,
    "",
    callInJavaScript(action),
  ].join("\n");
}

function optionsInJavaScript(live: Connection): string {
  switch (live.mode) {
    case "emulator":
      return '{ apiKey: "bu_anything", fetch: createEmulator().fetch }';
    case "server":
      return `{ apiKey: "bu_anything", baseUrl: ${JSON.stringify(live.baseUrl)} }`;
    case "proxy":
      return `{ baseUrl: ${JSON.stringify(live.baseUrl)} }`;
    case "key":
      return live.baseUrl === CLOUD
        ? '{ apiKey: "bu_…" }'
        : `{ apiKey: "bu_…", baseUrl: ${JSON.stringify(live.baseUrl)} }`;
  }
}

function callInJavaScript(action: Action): string {
  switch (action.is) {
    case "browse":
      return `const { items } = await client.marketplace.list(${object(action.params)});\nconsole.table(items);`;
    case "getPublic":
      return `const skill = await client.marketplace.get(${text(action.slug)});\nconsole.log(skill.parameters);`;
    case "list":
      return `for await (const skill of client.skills.list(${object(action.params)})) console.log(skill.title, skill.status);`;
    case "get":
      return `const skill = await client.skills.get(${text(action.id)});\nconsole.log(skill.status);`;
    case "create":
      return `const skill = await client.skills.createAndWait(${object(action.body)}, {
  onStatus: (status) => console.log(status),
});\nconsole.log(skill.id);`;
    case "refine":
      return `const skill = await client.skills.refineAndWait(${text(action.id)}, ${object(action.body)});\nconsole.log(skill.currentVersion);`;
    case "executions":
      return `for await (const run of client.skills.executions(${text(action.id)})) console.log(run.status, run.latencyMs);`;
    case "run": {
      const { id, isOwn, parameters, sessionId, recover } = action;
      const body = object({ parameters, sessionId });
      const options = isOwn && recover ? ", { recover: true }" : "";
      const method = isOwn ? "skills.execute" : "marketplace.execute";
      return `const run = await client.${method}(${text(id)}, ${body}${options});
if (run.success) console.log(run.result);
else console.error(run.error, run.stderr);`;
    }
  }
}

const text = (value: string) => JSON.stringify(value);

/** Formats an object literal. Quotes only names that need quotes. */
function object(value: object): string {
  return literal(value, "");
}

function literal(value: unknown, indent: string): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[${value.map((item) => literal(item, indent)).join(", ")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, field]) => field !== undefined && field !== "");
    const fields = entries.map(([name, field]) => `${property(name)}: ${literal(field, inner)}`);
    const line = fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
    const isShort = indent.length + line.length <= 64 && !line.includes("\n");
    return isShort ? line : `{\n${fields.map((field) => `${inner}${field},`).join("\n")}\n${indent}}`;
  }
  return JSON.stringify(value);
}

function property(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

export function rust(action: Action, live: Connection): string {
  const { uses, lines } = callInRust(action);
  const all = ["browser_use_skills::{Client, Config}", ...uses].sort();
  return [
    ...all.map((path) => `use ${path};`),
    "",
    `let client = Client::new(Config::default()${configInRust(live)})?;`,
    ...lines,
  ].join("\n");
}

function configInRust(live: Connection): string {
  const key = live.mode === "proxy" ? "" : `.api_key("${live.mode === "key" ? "bu_…" : "bu_anything"}")`;
  // Rust cannot use the emulator in the page: use the one over HTTP.
  const baseUrl = live.mode === "emulator" ? LOCAL_EMULATOR : live.baseUrl;
  return baseUrl === CLOUD ? key : `${key}.base_url(${rustText(baseUrl)})`;
}

function callInRust(action: Action): { uses: string[]; lines: string[] } {
  switch (action.is) {
    case "browse":
      return {
        uses: ["browser_use_skills::api::MarketplaceListParams"],
        lines: [
          `let params = ${struct("MarketplaceListParams", action.params)};`,
          "let page = client.marketplace().list(&params).await?;",
        ],
      };
    case "getPublic":
      return { uses: [], lines: [`let skill = client.marketplace().get(${rustText(action.slug)}).await?;`] };
    case "list":
      return {
        uses: ["browser_use_skills::api::SkillListParams"],
        lines: [
          `let params = ${struct("SkillListParams", action.params)};`,
          "let page = client.skills().list(&params).await?;",
        ],
      };
    case "get":
      return { uses: ["uuid::uuid"], lines: [`let skill = client.skills().get(${uuid(action.id)}).await?;`] };
    case "create":
      return {
        uses: ["browser_use_skills::api::CreateSkillRequest", WAIT],
        lines: [
          `let request = ${struct("CreateSkillRequest", action.body, ["goal", "agentPrompt"])};`,
          "let skill = client.skills().create_and_wait(&request, WaitOptions::default()).await?;",
        ],
      };
    case "refine":
      return {
        uses: ["browser_use_skills::api::RefineSkillRequest", WAIT, "uuid::uuid"],
        lines: [
          `let request = ${struct("RefineSkillRequest", action.body, ["feedback"])};`,
          `let skill = client.skills().refine_and_wait(${uuid(action.id)}, &request, WaitOptions::default()).await?;`,
        ],
      };
    case "executions":
      return {
        uses: ["browser_use_skills::api::SkillExecutionListParams", "uuid::uuid"],
        lines: [
          "let params = SkillExecutionListParams::default();",
          `let page = client.skills().executions(${uuid(action.id)}, &params).await?;`,
        ],
      };
    case "run":
      return runInRust(action);
  }
}

function runInRust({ id, isOwn, parameters, sessionId, recover }: Extract<Action, { is: "run" }>) {
  const isRecovered = isOwn && recover;
  const uses = [
    "browser_use_skills::api::{ExecuteSkillRequest, ExecuteSkillResponse}",
    "serde_json::{Value, json}",
    "uuid::uuid",
  ];
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
      `    session_id: ${sessionId ? `Some(${uuid(sessionId)})` : "None"},`,
      "};",
      "let run: ExecuteSkillResponse<Value> =",
      `    client.${group}().execute(${uuid(id)}, &request).await?;`,
    ],
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
