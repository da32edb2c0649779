/** JavaScript for the action of a view. */
import type { Connection } from "../session/connection.js";
import { type Action, neededOrigin, type Origin, type Preparation, REASONS } from "./action.js";
import { CLOUD } from "./servers.js";

export function javaScript(action: Action, live: Connection, preparation: Preparation = {}): string {
  const emulation = 'import { createEmulator } from "browser-use-skills/emulator";';
  const imports = ['import { BrowserUse } from "browser-use-skills";'];
  if (live.mode === "emulator") imports.push(emulation);
  const origin = live.mode === "emulator" ? neededOrigin(action, preparation) : undefined;
  return [
    "// npm install browser-use-skills",
    `// ${live.mode === "key" ? "BROWSER_USE_API_KEY=bu_… " : ""}node program.mjs`,
    ...imports,
    "",
    `const client = new BrowserUse(${options(live, preparation.seed)});`,
    "",
    ...(origin ? preparing(origin, action.is === "get") : []),
    ...(origin && action.is === "executions" ? ["// The skill has not run yet."] : []),
    call(action, origin ? "id" : undefined),
    "",
  ].join("\n");
}

/** @param isWatched - Whether the program shows the status, and need not wait for the generation. */
function preparing(origin: Origin, isWatched: boolean): string[] {
  const { refinements } = origin;
  const lines = [`// ${REASONS[origin.is]}`];
  switch (origin.is) {
    case "public":
      return [...lines, `const { id } = await client.marketplace.get(${text(origin.slug)});`];
    case "clone":
      lines.push(`const { id } = await client.marketplace.clone(${text(origin.of)});`);
      break;
    case "creation": {
      const method = isWatched && refinements === 0 ? "create" : "createAndWait";
      lines.push(`const { id } = await client.skills.${method}(${object(origin.body)});`);
    }
  }
  if (refinements > 0) {
    lines.push(
      `for (let version = 2; version <= ${refinements + 1}; version += 1) {`,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the code has the template
      "  await client.skills.refineAndWait(id, { feedback: `The feedback for version ${version}` });",
      "}",
    );
  }
  return lines;
}

function options(live: Connection, seed: number | undefined): string {
  switch (live.mode) {
    case "emulator":
      return `{ apiKey: "bu_anything", fetch: createEmulator(${seed === undefined ? "" : `{ seed: ${seed} }`}).fetch }`;
    case "server":
      return `{ apiKey: "bu_anything", baseUrl: ${JSON.stringify(live.baseUrl)} }`;
    case "proxy":
      return `{ baseUrl: ${JSON.stringify(live.baseUrl)} }`;
    case "key":
      return live.baseUrl === CLOUD
        ? "{ apiKey: process.env.BROWSER_USE_API_KEY }"
        : `{ apiKey: process.env.BROWSER_USE_API_KEY, baseUrl: ${JSON.stringify(live.baseUrl)} }`;
  }
}

/** @param variable - Name of the variable with the id of the skill; undefined for the id itself. */
function call(action: Action, variable?: string): string {
  switch (action.is) {
    case "browse":
      return `const { items } = await client.marketplace.list(${object(action.params)});\nconsole.table(items);`;
    case "getPublic":
      return `const skill = await client.marketplace.get(${text(action.slug)});\nconsole.log(skill.parameters);`;
    case "list":
      return `for await (const skill of client.skills.list(${object(action.params)})) console.log(skill.title, skill.status);`;
    case "get":
      return `const skill = await client.skills.get(${variable ?? text(action.id)});\nconsole.log(skill.status);`;
    case "create":
      return `const skill = await client.skills.createAndWait(${object(action.body)}, {
  onStatus: (status) => console.log(status),
});\nconsole.log(skill.id);`;
    case "refine":
      return `const skill = await client.skills.refineAndWait(${variable ?? text(action.id)}, ${object(action.body)});\nconsole.log(skill.currentVersion);`;
    case "executions":
      return `for await (const run of client.skills.executions(${variable ?? text(action.id)})) console.log(run.status, run.latencyMs);`;
    case "run": {
      const { id, isOwn, parameters, sessionId, recover } = action;
      const body = object({ parameters, sessionId });
      const settings = isOwn && recover ? ", { recover: true }" : "";
      const method = isOwn ? "skills.execute" : "marketplace.execute";
      return `const run = await client.${method}(${variable ?? text(id)}, ${body}${settings});
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
