/** Commands for cURL: the requests of an action, without the library. */
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
import { LOCAL_EMULATOR } from "./servers.js";
import { quoted } from "./shell.js";

const CURL = "curl --fail-with-body --silent --show-error";
const ID = "$id";
/** Stands for the id of the session, which the shell inserts. */
const SESSION = "$session";

interface Request {
  readonly path: string;
  readonly query?: object;
  /** The body of a POST. */
  readonly body?: object;
  /** Whether it is a POST without a body. */
  readonly isPost?: boolean;
}

export function curl(action: Action, live: Connection, preparation: Preparation = {}): string {
  const origin = live.mode === "emulator" ? neededOrigin(action, preparation) : undefined;
  const server = serverOf(live);
  const { seed } = preparation;
  return [
    ...(live.mode === "emulator"
      ? [
          "# cURL cannot reach the emulator in a page. Start one over HTTP:",
          `# npx browser-use-skills emulator${seed === undefined ? "" : ` --seed ${seed}`}`,
        ]
      : []),
    ...(live.mode === "key" ? ["# Reads the key from the variable BROWSER_USE_API_KEY."] : []),
    ...(origin ? [...preparing(origin, server, action.is === "get"), ""] : []),
    ...(origin && action.is === "executions" ? ["# The skill has not run yet."] : []),
    ...(needsSession(action, live)
      ? [`# ${SESSION_REASON}`, assigned("session", server, { path: "/sessions", body: {} }), ""]
      : []),
    ...notes(action),
    command(server, requestOf(action, origin ? ID : undefined, needsSession(action, live))),
    "",
  ].join("\n");
}

interface Server {
  readonly baseUrl: string;
  /** The header with the key, quoted; undefined if a proxy adds it. */
  readonly header: string | undefined;
}

function serverOf(live: Connection): Server {
  const key = live.mode === "key" ? "$BROWSER_USE_API_KEY" : "bu_anything";
  return {
    baseUrl: (live.mode === "emulator" ? LOCAL_EMULATOR : live.baseUrl).replace(/\/+$/, ""),
    header: live.mode === "proxy" ? undefined : `"X-Browser-Use-API-Key: ${key}"`,
  };
}

/** What the library does beyond the request. */
function notes({ is }: Action): string[] {
  switch (is) {
    case "create":
    case "refine":
      return [
        "# The response says that the generation has started. The library also waits until it has finished.",
      ];
    case "run":
      return [
        "# One request. The library also retries it, and finds the result of a run whose response was lost.",
      ];
    default:
      return [];
  }
}

function requestOf(action: Action, given: string | undefined, hasSession: boolean): Request {
  const id = "id" in action ? (given ?? encodeURIComponent(action.id)) : "";
  switch (action.is) {
    case "browse":
      return { path: "/marketplace/skills", query: action.params };
    case "getPublic":
      return { path: `/marketplace/skills/${encodeURIComponent(action.slug)}` };
    case "list":
      return { path: "/skills", query: action.params };
    case "get":
      return { path: `/skills/${id}` };
    case "create":
      return { path: "/skills", body: action.body };
    case "refine":
      return { path: `/skills/${id}/refine`, body: action.body };
    case "executions":
      return { path: `/skills/${id}/executions` };
    case "run": {
      const { isOwn, parameters } = action;
      const sessionId = hasSession ? SESSION : action.sessionId;
      return { path: `${isOwn ? "" : "/marketplace"}/skills/${id}/execute`, body: { parameters, sessionId } };
    }
  }
}

function command({ baseUrl, header }: Server, { path, query = {}, body, isPost = false }: Request): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  const url = `${baseUrl}${path}${search && `?${search}`}`;
  return [
    isPost ? `${CURL} --request POST` : CURL,
    // Double quotes, so that the shell expands the variable.
    path.includes(ID) ? `"${url}"` : quoted(url),
    ...(header === undefined ? [] : [`--header ${header}`]),
    ...(body === undefined ? [] : ["--header 'Content-Type: application/json'", `--data-raw ${data(body)}`]),
  ].join(" \\\n  ");
}

/** Quotes a body. The shell inserts the id of the session. */
function data(body: object): string {
  const text = quoted(json(body));
  return "sessionId" in body && body.sessionId === SESSION
    ? text.replace(/"\$session"(?=\n\}'$)/, `"'"${SESSION}"'"`)
    : text;
}

function json(body: object): string {
  const given = Object.entries(body).filter(([, value]) => value !== undefined && value !== "");
  return JSON.stringify(Object.fromEntries(given), null, 2);
}

/** A command that sets a variable to the id in the response. */
const assigned = (name: string, server: Server, request: Request) =>
  `${name}=$(${command(server, request)} | node -p 'JSON.parse(require("fs").readFileSync(0)).id')`;

/** Commands that set `id` to the id of the skill in a new emulator. */
function preparing(origin: Origin, server: Server, isWatched: boolean): string[] {
  const { refinements } = origin;
  const setId = (request: Request) => assigned("id", server, request);
  const lines = [`# ${REASONS[origin.is]}`];
  switch (origin.is) {
    case "public":
      return [...lines, setId({ path: `/marketplace/skills/${encodeURIComponent(origin.slug)}` })];
    case "clone":
      lines.push(setId({ path: `/marketplace/skills/${encodeURIComponent(origin.of)}/clone`, isPost: true }));
      break;
    case "creation":
      lines.push(setId({ path: "/skills", body: origin.body }));
      if (!isWatched || refinements > 0) lines.push(...waiting(server));
  }
  for (let version = 2; version <= refinements + 1; version += 1) {
    const body = { feedback: `The feedback for version ${version}` };
    lines.push(`${command(server, { path: `/skills/${ID}/refine`, body })} > /dev/null`, ...waiting(server));
  }
  return lines;
}

/** Waits until a version has been generated. */
const waiting = (server: Server) => [
  `while ${command(server, { path: `/skills/${ID}` })} | grep -Eq '"status": ?"(recording|generating)"'; do`,
  "  sleep 1",
  "done",
];
