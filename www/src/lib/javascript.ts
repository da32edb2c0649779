/** JavaScript and TypeScript for the action of a view: programs for Node.js. */
import { SchemaWriter } from "../../../npm/src/cli/schema.js";
import type { Connection } from "../session/connection.js";
import { type Action, neededOrigin, needsSession, type Preparation } from "./action.js";
import { callOf, options, preparing, startingSession } from "./calls.js";

export function javaScript(action: Action, live: Connection, preparation: Preparation = {}): string {
  return program(action, live, preparation, {
    comments: [
      "// npm install browser-use-skills",
      `// ${live.mode === "key" ? "BROWSER_USE_API_KEY=bu_… " : ""}node program.mjs`,
    ],
    names: ["BrowserUse"],
    types: [],
  });
}

/** With the types of the package, and the type of the output if the skill has a schema. */
export function typeScript(action: Action, live: Connection, preparation: Preparation = {}): string {
  const type = resultType(action);
  return program(action, live, preparation, {
    comments: [
      `// npm install browser-use-skills${live.mode === "key" ? " @types/node" : ""}`,
      `// ${live.mode === "key" ? "BROWSER_USE_API_KEY=bu_… " : ""}node program.mts, with Node.js 22.18 or later`,
    ],
    names: ["BrowserUse", ...(type ? [`type ${type.replace("<Output>", "")}`] : [])],
    types: outputType(action),
    type,
  });
}

interface Style {
  readonly comments: readonly string[];
  /** The names to import. */
  readonly names: readonly string[];
  /** Declarations of types. */
  readonly types: readonly string[];
  /** The type of the variable; undefined for JavaScript and where it is inferred. */
  readonly type?: string | undefined;
}

function program(
  action: Action,
  live: Connection,
  preparation: Preparation,
  { comments, names, types, type }: Style,
): string {
  const imports = [`import { ${names.join(", ")} } from "browser-use-skills";`];
  if (live.mode === "emulator") imports.push('import { createEmulator } from "browser-use-skills/emulator";');
  const origin = live.mode === "emulator" ? neededOrigin(action, preparation) : undefined;
  return [
    ...comments,
    ...imports,
    "",
    ...types,
    `const client = new BrowserUse(${options(live, preparation.seed)});`,
    "",
    ...(origin ? preparing(origin, action.is === "get") : []),
    ...(origin && action.is === "executions" ? ["// The skill has not run yet."] : []),
    ...startingSession(action, live),
    shown(action, { variable: origin && "id", hasSession: needsSession(action, live) }, type),
    "",
  ].join("\n");
}

/** Makes the call, and prints what it returns. */
function shown(
  action: Action,
  variables: { variable: string | undefined; hasSession: boolean },
  type: string | undefined,
): string {
  const call = callOf(action, {
    ...variables,
    output: type?.startsWith("Execution") ? "<Output>" : "",
    settings: action.is === "create" ? ["onStatus: (status) => console.log(status)"] : [],
  });
  const typed = (name: string) => `const ${name}${type ? `: ${type}` : ""} = await ${call};`;
  switch (action.is) {
    case "browse":
      return `const { items } = await ${call};\nconsole.table(items);`;
    case "getPublic":
      return `${typed("skill")}\nconsole.log(skill.parameters);`;
    case "list":
      return `for await (const skill of ${call}) console.log(skill.title, skill.status);`;
    case "get":
      return `${typed("skill")}\nconsole.log(skill.status);`;
    case "create":
      return `${typed("skill")}\nconsole.log(skill.id);`;
    case "refine":
      return `${typed("skill")}\nconsole.log(skill.currentVersion);`;
    case "executions":
      return `for await (const run of ${call}) console.log(run.status, run.latencyMs);`;
    case "run":
      return `${typed("run")}
if (run.success) console.log(run.result);
else console.error(run.error, run.stderr);`;
  }
}

function resultType(action: Action): string | undefined {
  switch (action.is) {
    case "getPublic":
      return "MarketplaceSkillResponse";
    case "get":
    case "create":
    case "refine":
      return "SkillResponse";
    case "run":
      return "Execution<Output>";
    default:
      return undefined;
  }
}

/** Declares the type `Output` of a run. */
export function outputType(action: Action): string[] {
  if (action.is !== "run") return [];
  const { outputSchema = true } = action;
  return ["/** From the output schema of the skill. */", new SchemaWriter(outputSchema, [], []).write()];
}
