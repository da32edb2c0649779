// `npx browser-use-skills emulator`: serves the in-process emulator over HTTP.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createEmulator, type Emulator, type EmulatorSettings } from "../emulator.node.js";
import { type CorsSettings, corsHeaders, openPreflight, preflight } from "./cors.js";
import { describeSettings, readSettings, settingOptions } from "./settings.js";
import { read, UsageError } from "./usage.js";

/** @param settings - Help text of the settings. */
const help = (settings: string) => `Usage: browser-use-skills emulator [options]

Emulates the skills of Browser Use Cloud over HTTP, for development and tests. Amounts are in US dollars, durations in
milliseconds.

  --host HOST                 host to listen on (127.0.0.1)
  --port PORT                 port; 0 for any that is free (8787)
${settings}
  --fault JSON                fault of the next requests; repeatable (none), such as
                              '{"kind":"status","status":503,"operation":"skills.execute","count":2}'
  --help                      this text

The base path of the API is /api/v2. Settings, faults and the request log are available under /__emulator.`;

const BASE = "/api/v2";
/** 32 MiB. */
const MAX_BODY_BYTES = 32 << 20;
/** Durations that a person notices. The defaults for pages and tests are shorter. */
const DURATIONS: EmulatorSettings = { generationMs: 3000, executionMs: 150 };

export async function run(args: string[]): Promise<void> {
  const { values } = read({
    args,
    options: {
      ...settingOptions,
      host: { type: "string", default: "127.0.0.1" },
      port: { type: "string", default: "8787" },
      fault: { type: "string", multiple: true, default: [] as string[] },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    const defaults = await settingsOf(createEmulator(DURATIONS));
    console.log(help(describeSettings(defaults)));
    return;
  }
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535)
    throw new UsageError("--port must be a whole number up to 65535.");
  const emulator = createEmulator({ ...DURATIONS, ...readSettings(values) });
  for (const fault of values.fault) await addFault(emulator, fault);
  await listen(emulator, values.host, Number(values.port));
}

async function addFault(emulator: Emulator, text: string): Promise<void> {
  try {
    await emulator.addFault(...[JSON.parse(text)].flat());
  } catch (error) {
    throw new UsageError(`--fault ${text}: ${(error as Error).message}`);
  }
}

async function settingsOf(emulator: Emulator): Promise<Required<EmulatorSettings> & CorsSettings> {
  return (await emulator.fetch("/__emulator/settings")).json();
}

async function listen(emulator: Emulator, host: string, port: number): Promise<void> {
  const server = createServer((incoming, outgoing) => void serve(emulator, incoming, outgoing));
  // Browsers retry a request if a reused connection breaks, which would hide faults.
  server.maxRequestsPerSocket = 1;
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject);
    server.listen(port, host, resolve);
  });
  const bound = server.address() as AddressInfo;
  const name = bound.family === "IPv6" ? `[${bound.address}]` : bound.address;
  console.log(`listening on http://${name}:${bound.port}${BASE}`);
}

async function serve(emulator: Emulator, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const disconnected = new AbortController();
  outgoing.on("close", () => disconnected.abort());
  try {
    const body = await readBody(incoming);
    const response = await respond(emulator, incoming, body, disconnected.signal);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) outgoing.write(part);
    outgoing.end();
  } catch {
    // Some faults break the connection.
    incoming.socket.destroy();
  }
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of incoming) {
    length += part.length;
    if (length > MAX_BODY_BYTES) throw new Error("the body is too long");
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

async function respond(
  emulator: Emulator,
  { method = "GET", url = "/", headers }: IncomingMessage,
  body: string,
  signal: AbortSignal,
): Promise<Response> {
  const path = url.split("?")[0] ?? "";
  const isPreflight = method === "OPTIONS" && headers["access-control-request-method"] !== undefined;
  const forward = () =>
    emulator.fetch(new URL(`http://${headers.host ?? "127.0.0.1"}${url}`), {
      method,
      headers: headers as Record<string, string>,
      body,
      signal,
    });
  if (path !== BASE && !path.startsWith(`${BASE}/`)) {
    if (isPreflight) return openPreflight(headers);
    const response = path.startsWith("/__emulator/") ? await forward() : notFound();
    response.headers.set("access-control-allow-origin", "*");
    return response;
  }
  const settings = await settingsOf(emulator);
  if (isPreflight) return preflight(path.slice(BASE.length), headers, settings);
  const isApi = /^\/(skills|marketplace)(\/|$)/.test(path.slice(BASE.length));
  const response = isApi ? await forward() : notFound();
  for (const [name, value] of Object.entries(corsHeaders(headers, settings)))
    response.headers.set(name, value);
  return response;
}

function notFound(): Response {
  return Response.json({ detail: "Not Found" }, { status: 404 });
}
