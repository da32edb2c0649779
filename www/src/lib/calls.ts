/** Writes the calls of the library, for programs in JavaScript, TypeScript and React. */
import type { Connection } from "../session/connection.js";
import { type Action, needsSession, type Origin, REASONS, SESSION_REASON } from "./action.js";
import { Expression, object, text } from "./literals.js";
import { CLOUD } from "./servers.js";

interface CallOptions {
  /** The variable with the id of the skill; undefined for the id itself. */
  readonly variable?: string | undefined;
  /** Whether the variable `session` is the session of the run. */
  readonly hasSession?: boolean | undefined;
  /** Options of the call, such as `signal`. */
  readonly settings?: readonly string[] | undefined;
  /** The type of the output, in angle brackets. */
  readonly output?: string | undefined;
}

/** Returns the arguments of the client. */
export function options(live: Connection, seed: number | undefined): string {
  switch (live.mode) {
    case "emulator":
      return `{ apiKey: "bu_anything", fetch: createEmulator(${seed === undefined ? "" : `{ seed: ${seed} }`}).fetch }`;
    case "server":
      return `{ apiKey: "bu_anything", baseUrl: ${text(live.baseUrl)} }`;
    case "proxy":
      return `{ baseUrl: ${text(live.baseUrl)} }`;
    case "key":
      return live.baseUrl === CLOUD
        ? "{ apiKey: process.env.BROWSER_USE_API_KEY }"
        : `{ apiKey: process.env.BROWSER_USE_API_KEY, baseUrl: ${text(live.baseUrl)} }`;
  }
}

/** Returns the call of an action, without `await`. */
export function callOf(
  action: Action,
  { variable, hasSession, settings = [], output = "" }: CallOptions = {},
): string {
  const id = "id" in action ? (variable ?? text(action.id)) : "";
  const written = (method: string, ...given: string[]) => called(method, given, settings);
  switch (action.is) {
    case "browse":
      return written("marketplace.list", object(action.params));
    case "getPublic":
      return written("marketplace.get", text(action.slug));
    case "list":
      return written("skills.list", object(action.params));
    case "get":
      return written("skills.get", id);
    case "create":
      return written("skills.createAndWait", object(action.body));
    case "refine":
      return written("skills.refineAndWait", id, object(action.body));
    case "executions":
      return settings.length > 0 ? written("skills.executions", id, "{}") : written("skills.executions", id);
    case "run": {
      const { isOwn, parameters, sessionId, recover } = action;
      const method = `${isOwn ? "skills" : "marketplace"}.execute${output}`;
      const all = isOwn && recover ? ["recover: true", ...settings] : settings;
      const session = hasSession ? new Expression("session.id") : sessionId;
      return called(method, [id, object({ parameters, sessionId: session })], all);
    }
  }
}

function called(method: string, given: readonly string[], settings: readonly string[]): string {
  const last = settings.length > 0 ? [`{ ${settings.join(", ")} }`] : [];
  return `client.${method}(${[...given, ...last].join(", ")})`;
}

/** Returns the lines that define `session`, if the action needs one in a new emulator. */
export function startingSession(
  action: Action,
  live: Connection,
  settings: readonly string[] = [],
): string[] {
  if (!needsSession(action, live)) return [];
  const given = settings.length > 0 ? ["{}"] : [];
  return [`// ${SESSION_REASON}`, `const session = await ${called("sessions.create", given, settings)};`];
}

/**
 * Returns the lines that define `id`, the id of the skill in a new emulator.
 *
 * @param isWatched - Whether the program shows the status, and need not wait for the generation.
 */
export function preparing(origin: Origin, isWatched: boolean, settings: readonly string[] = []): string[] {
  const { refinements } = origin;
  const written = (method: string, ...given: string[]) => `await ${called(method, given, settings)};`;
  const lines = [`// ${REASONS[origin.is]}`];
  switch (origin.is) {
    case "public":
      return [...lines, `const { id } = ${written("marketplace.get", text(origin.slug))}`];
    case "clone":
      lines.push(`const { id } = ${written("marketplace.clone", text(origin.of))}`);
      break;
    case "creation": {
      const method = isWatched && refinements === 0 ? "create" : "createAndWait";
      lines.push(`const { id } = ${written(`skills.${method}`, object(origin.body))}`);
    }
  }
  if (refinements > 0) {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the code has the template
    const body = "{ feedback: `The feedback for version ${version}` }";
    lines.push(
      `for (let version = 2; version <= ${refinements + 1}; version += 1) {`,
      `  ${written("skills.refineAndWait", "id", body)}`,
      "}",
    );
  }
  return lines;
}
