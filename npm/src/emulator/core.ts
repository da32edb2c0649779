// The emulator's state machine, in WebAssembly: maps a request and the time to a reply.
import { EmulatorCore } from "wasm-emulator";
import { keyHeader } from "../generated/operations.js";
import { mapErrors } from "../reject.js";
import { loader } from "./load.js";

/**
 * A request of the API.
 * @internal
 */
export interface ApiRequest {
  method: string;
  /** Path below the base URL. */
  path: string;
  /** Query, without the question mark. */
  query: string;
  /** Headers, with names in lower case. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
  /** Scheme, host and port of the emulator in the caller's URL. */
  origin: string;
}

/** A response, and the fault that interrupts it. */
export interface Reply {
  status: number;
  headers: Array<[string, string]>;
  /** The whole body, also if a fault interrupts it. */
  body: string;
  /** Delay of the response, in milliseconds. */
  delayMs: number;
  fault: { kind: "drop" | "dropBody" | "stallBody" | "stallHeaders"; sent?: number } | null;
}

/**
 * Path prefix of the requests that control the emulator.
 * @internal
 */
export const ADMIN = "/__emulator";

/**
 * Loads the WebAssembly and creates a state machine.
 * @internal
 */
export async function createCore(settings: object): Promise<EmulatorCore> {
  await mapErrors(loader.load({}));
  return new EmulatorCore(JSON.stringify(settings), Date.now());
}

/**
 * Handles a request of the API.
 * @internal
 */
export function handle(core: EmulatorCore, request: ApiRequest): Reply {
  const { method, path, query, headers, body, origin } = request;
  const value = (name: string) => headers[name]?.toString();
  const names = Object.keys(headers).join(",");
  const key = value(keyHeader.toLowerCase());
  return JSON.parse(
    core.handle(method, path, query, key, value("content-type"), body, names, origin, Date.now()),
  );
}

/**
 * Handles an administration request or the download of an output. `path` starts at the root and includes the query.
 * @internal
 */
export function admin(core: EmulatorCore, method: string, path: string, body: string): Reply {
  return JSON.parse(core.admin(method, path, body, Date.now()));
}
