// Serves the emulator over HTTP, and breaks connections as its faults require.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { EmulatorCore } from "wasm-emulator";
import { ADMIN, admin, handle, type Reply } from "../emulator/core.js";
import { type CorsSettings, corsHeaders, isPreflight, OPEN, openPreflight, preflight } from "./cors.js";

const BASE = "/api/v2";
/** 32 MiB. */
const MAX_BODY_BYTES = 32 << 20;
/** The longest delay of a timer. */
const MAX_DELAY_MS = 2 ** 31 - 1;
/** Only a fault ends a connection: a connection that a timeout closes is like one that a fault breaks. */
const NO_TIMEOUTS = { keepAliveTimeout: 0, headersTimeout: 0, requestTimeout: 0 };

/**
 * Listens on a port, or on any that is free for 0. Returns the base URL.
 *
 * When a reused connection breaks, a browser retries the request by itself, also a `POST`, and a test that counts requests
 * would count it twice. Connections therefore serve one request each while a fault may break them.
 */
export async function listen(core: EmulatorCore, host: string, port: number): Promise<string> {
  /** Open connections without a request. */
  const idle = new Set<Socket>();
  const server = createServer(NO_TIMEOUTS, async (incoming, outgoing) => {
    const { socket } = incoming;
    idle.delete(socket);
    outgoing.on("close", () => {
      if (!socket.destroyed) idle.add(socket);
    });
    try {
      const body = await readBody(incoming);
      const wasSafe = !core.mayBreakConnections();
      const reply = respond(core, incoming, body, origin);
      const isSafe = !core.mayBreakConnections();
      if (wasSafe && !isSafe) for (const unused of idle) unused.destroy();
      if (reply.delayMs > 0) await delay(Math.min(reply.delayMs, MAX_DELAY_MS));
      await send(reply, outgoing, core);
    } catch {
      socket.destroy();
    }
  });
  server.on("connection", (socket) => {
    idle.add(socket);
    socket.on("close", () => idle.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject);
    server.listen(port, host, resolve);
  });
  const bound = server.address() as AddressInfo;
  const name = bound.family === "IPv6" ? `[${bound.address}]` : bound.address;
  const origin = `http://${name}:${bound.port}`;
  return origin + BASE;
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

/** @param origin - The origin in URLs if the request has no `Host` header. */
function respond(core: EmulatorCore, incoming: IncomingMessage, body: string, origin: string): Reply {
  const { method = "GET", url = "/", headers } = incoming;
  const [path = "", query = ""] = url.split(/\?(.*)/s);
  if (path !== BASE && !path.startsWith(`${BASE}/`)) {
    if (isPreflight(method, headers)) return openPreflight(headers);
    return withHeaders(admin(core, method, url, body), OPEN);
  }
  const settings = (): CorsSettings => JSON.parse(admin(core, "GET", `${ADMIN}/settings`, "").body);
  const below = path.slice(BASE.length);
  if (isPreflight(method, headers)) return preflight(below, headers, settings());
  const request = { method, path: below, query, headers, body };
  const reply = handle(core, { ...request, origin: headers.host ? `http://${headers.host}` : origin });
  return headers.origin === undefined ? reply : withHeaders(reply, corsHeaders(headers.origin, settings()));
}

function withHeaders(reply: Reply, headers: Record<string, string>): Reply {
  return { ...reply, headers: [...reply.headers, ...Object.entries(headers)] };
}

/** Sends a reply, as far as its fault allows. */
async function send(reply: Reply, outgoing: ServerResponse, core: EmulatorCore): Promise<void> {
  const { status, headers, fault } = reply;
  if (fault?.kind === "drop") return void outgoing.socket?.destroy();
  if (fault?.kind === "stallHeaders") return;
  outgoing.statusCode = status;
  for (const [name, value] of headers) addHeader(outgoing, name, value);
  const body = Buffer.from(reply.body);
  const hasBody = status !== 204 && status !== 304;
  if (hasBody) outgoing.setHeader("content-length", body.length);
  if (core.mayBreakConnections()) outgoing.setHeader("connection", "close");
  if (!fault || !hasBody) return void outgoing.end(body);
  outgoing.flushHeaders();
  const part = body.subarray(0, fault.sent);
  if (part.length > 0) await new Promise((resolve) => outgoing.write(part, resolve));
  if (fault.kind === "dropBody") outgoing.socket?.destroy();
}

/** Skips an invalid header, which a fault may contain. */
function addHeader(outgoing: ServerResponse, name: string, value: string): void {
  try {
    outgoing.appendHeader(name, value);
  } catch {}
}
