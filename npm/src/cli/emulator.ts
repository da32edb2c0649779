// `npx browser-use-skills emulator`: the in-process emulator behind a socket.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createEmulator, type Emulator, type EmulatorSettings } from "../emulator.node.js";
import { type CorsSettings, openPreflight, preflight, readable } from "./cors.js";
import { read, UsageError } from "./usage.js";

const HELP = `Usage: browser-use-skills emulator [options]

A stand-in for the skills of Browser Use Cloud, for development and tests.

  --host HOST           where to listen (127.0.0.1)
  --port PORT           the port; 0 for any that is free (8787)
  --api-key KEY         the only key to take (any that is not empty)
  --generation-ms MS    how long a generation takes (3000)
  --execution-ms MS     how long an execution takes (150)
  --seed NUMBER         what ids and data are drawn from (1)
  --origin ORIGIN       an origin whose pages may read answers; may be repeated (all)

The API is below /api/v2. Faults, settings and the log of requests are below /__emulator.`;

const BASE = "/api/v2";
/** Longest body that is taken: 32 MiB. */
const LONGEST_BODY = 32 << 20;

export async function run(args: string[]): Promise<void> {
  const { values } = read({
    args,
    options: {
      host: { type: "string", default: "127.0.0.1" },
      port: { type: "string", default: "8787" },
      "api-key": { type: "string" },
      "generation-ms": { type: "string", default: "3000" },
      "execution-ms": { type: "string", default: "150" },
      seed: { type: "string", default: "1" },
      origin: { type: "string", multiple: true, default: [] as string[] },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const settings = {
    apiKey: values["api-key"] ?? null,
    generationMs: number("generation-ms", values["generation-ms"]),
    executionMs: number("execution-ms", values["execution-ms"]),
    seed: number("seed", values.seed),
    origins: values.origin,
  };
  const port = number("port", values.port);
  if (port > 65_535) throw new UsageError("--port must be at most 65535.");
  await listen(
    createEmulator(settings satisfies EmulatorSettings & Partial<CorsSettings>),
    values.host,
    port,
  );
}

async function listen(emulator: Emulator, host: string, port: number): Promise<void> {
  const server = createServer((incoming, outgoing) => void serve(emulator, incoming, outgoing));
  // A browser sends a request again by itself when a connection that has served others breaks, as faults break them.
  server.maxRequestsPerSocket = 1;
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject);
    server.listen(port, host, resolve);
  });
  const { address, family, port: found } = server.address() as AddressInfo;
  const name = family === "IPv6" ? `[${address}]` : address;
  console.log(`listening on http://${name}:${found}${BASE}`);
}

async function serve(emulator: Emulator, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const left = new AbortController();
  outgoing.on("close", () => left.abort());
  try {
    const body = await bodyOf(incoming);
    const response = await answer(emulator, incoming, body, left.signal);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) outgoing.write(part);
    outgoing.end();
  } catch {
    // A connection that breaks is what some faults ask for.
    incoming.socket.destroy();
  }
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of incoming) {
    length += part.length;
    if (length > LONGEST_BODY) throw new Error("the body is too long");
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

async function answer(
  emulator: Emulator,
  { method = "GET", url = "/", headers }: IncomingMessage,
  body: string,
  signal: AbortSignal,
): Promise<Response> {
  const path = url.split("?")[0] ?? "";
  const isPreflight = method === "OPTIONS" && headers["access-control-request-method"] !== undefined;
  const ask = () =>
    emulator.fetch(new URL(`http://${headers.host ?? "127.0.0.1"}${url}`), {
      method,
      headers: headers as Record<string, string>,
      body,
      signal,
    });
  if (path !== BASE && !path.startsWith(`${BASE}/`)) {
    if (isPreflight) return openPreflight(headers);
    const response = path.startsWith("/__emulator/") ? await ask() : notFound();
    response.headers.set("access-control-allow-origin", "*");
    return response;
  }
  const settings: CorsSettings = await (await emulator.fetch("/__emulator/settings")).json();
  if (isPreflight) return preflight(path.slice(BASE.length), headers, settings);
  const isKnown = /^\/(skills|marketplace)(\/|$)/.test(path.slice(BASE.length));
  const response = isKnown ? await ask() : notFound();
  for (const [name, value] of Object.entries(readable(headers, settings))) response.headers.set(name, value);
  return response;
}

function notFound(): Response {
  return Response.json({ detail: "Not Found" }, { status: 404 });
}

function number(name: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`--${name} must be a whole number.`);
  return Number(text);
}
