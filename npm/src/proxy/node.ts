// A handler from Request to Response for servers that are built on node:http.

/** A request of `node:http`, also as Express passes it on. */
export interface NodeRequest {
  /** The method. */
  method?: string | undefined;
  /** The path and query. */
  url?: string | undefined;
  /** The same before a router removed the path that it is mounted at (Express). */
  originalUrl?: string | undefined;
  /** The headers, with names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  /** The body, if a body parser has read it. */
  body?: unknown;
  /** Whether the body has been read. */
  readableDidRead?: boolean | undefined;
  /** Reads the body. */
  [Symbol.asyncIterator](): AsyncIterator<unknown>;
}

/** A response of `node:http`, also as Express passes it on. */
export interface NodeResponse {
  /** Whether the status and headers have been sent. */
  readonly headersSent: boolean;
  /** Whether the connection is closed. */
  readonly destroyed: boolean;
  /** Sends the status and headers. */
  writeHead(status: number, headers: Record<string, string | string[]>): unknown;
  /** Sends a part of the body; false if the caller should wait for `drain`. */
  write(part: Uint8Array): boolean;
  /** Ends the response. */
  end(text?: string): unknown;
  /** Closes the connection. */
  destroy(): unknown;
  /** Adds a listener. */
  on(event: "close" | "drain" | "error", listener: () => void): unknown;
}

/** A request of Fastify. */
export interface FastifyLikeRequest {
  /** The request of `node:http`. */
  raw: NodeRequest;
  /** The body, if a content type parser has read it. */
  body?: unknown;
}

/** A reply of Fastify. */
export interface FastifyLikeReply {
  /** The response of `node:http`. */
  raw: NodeResponse;
  /** Tells Fastify that the response is sent by the handler. */
  hijack(): unknown;
}

/** Handles a request of Express, Fastify or `node:http`. The promise never rejects. */
export type NodeHandler = (
  request: NodeRequest | FastifyLikeRequest,
  response: NodeResponse | FastifyLikeReply,
) => Promise<void>;

/** Headers of one connection, and the length, which Node sets itself. */
const CONNECTION_HEADERS = new Set([
  "connection",
  "content-length",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * Makes a handler for Express 4 and 5, Fastify and `node:http` from a proxy. It may come before or after a body parser: a
 * body that was parsed is serialised again. When the client goes away, the request to the cloud is aborted.
 *
 * The host of the `Request` is always `localhost`, since a client can send any `Host`.
 *
 * @example
 * app.use("/api/browser-use", toNodeHandler(proxy)); // Express
 */
export function toNodeHandler(proxy: (request: Request) => Response | Promise<Response>): NodeHandler {
  return async (request, response) => {
    const incoming = "raw" in request ? request.raw : request;
    const outgoing = "raw" in response ? response.raw : response;
    if ("hijack" in response) response.hijack();
    const upload = new Upload(incoming, request.body);
    try {
      await respond(proxy, incoming, upload, outgoing);
    } catch {
      if (outgoing.headersSent) outgoing.destroy();
      else sendError(outgoing, 500, "Internal Server Error");
    }
    await upload.discard();
  };
}

async function respond(
  proxy: (request: Request) => Response | Promise<Response>,
  incoming: NodeRequest,
  upload: Upload,
  outgoing: NodeResponse,
): Promise<void> {
  const left = new AbortController();
  let resume = () => {};
  outgoing.on("drain", () => resume());
  outgoing.on("close", () => {
    left.abort();
    resume();
  });
  // Without a listener, a write to a connection that has just closed would end the process.
  outgoing.on("error", () => {});
  if (outgoing.destroyed) return;
  const request = requestOf(incoming, upload, left.signal);
  if (!request) return sendError(outgoing, 400, "Bad Request");
  const { status, headers, body } = await proxy(request);
  if (left.signal.aborted) return void (await body?.cancel());
  outgoing.writeHead(status, plainHeaders(headers));
  const reader = body?.getReader();
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    const isFull = !outgoing.write(part.value);
    if (isFull && !left.signal.aborted)
      await new Promise<void>((resolve) => {
        resume = resolve;
      });
    if (left.signal.aborted) return reader?.cancel();
  }
  outgoing.end();
}

/** The request for the proxy; undefined if the web has no such request, as for `TRACE`. */
function requestOf(incoming: NodeRequest, upload: Upload, signal: AbortSignal): Request | undefined {
  const { method = "GET", originalUrl, url = "/" } = incoming;
  const target = originalUrl ?? url;
  if (!target.startsWith("/")) return undefined;
  try {
    const headers = new Headers();
    for (const [name, value] of Object.entries(incoming.headers)) {
      // HTTP/2 has names with a colon, which are no headers.
      if (name.startsWith(":")) continue;
      for (const one of [value ?? []].flat()) headers.append(name, one);
    }
    const body = method === "GET" || method === "HEAD" ? null : upload.body();
    // Node requires `duplex` for a stream; the types of the web do not have it.
    const init: RequestInit & { duplex: "half" } = { method, headers, body, duplex: "half", signal };
    return new Request(`http://localhost${target}`, init);
  } catch {
    return undefined;
  }
}

/** The body of a request, read only as far as it is needed. */
class Upload {
  readonly #incoming: NodeRequest;
  readonly #parsed: unknown;
  #parts: AsyncIterator<unknown> | undefined;

  /** @param parsed - What a body parser has made of the body, if there was one. */
  constructor(incoming: NodeRequest, parsed: unknown) {
    this.#incoming = incoming;
    this.#parsed = parsed;
  }

  body(): BodyInit {
    // Some parsers set `body` to an empty object and leave the body unread.
    const wasRead = this.#incoming.readableDidRead ?? this.#parsed !== undefined;
    if (!wasRead) return this.#stream();
    if (this.#parsed === undefined) return failingStream("the body was read, but is not in request.body");
    if (typeof this.#parsed === "string" || this.#parsed instanceof Uint8Array)
      return this.#parsed as string | Uint8Array<ArrayBuffer>;
    return JSON.stringify(this.#parsed);
  }

  /** Reads the rest of a body that was read in part, so that the connection can be used again. */
  async discard(): Promise<void> {
    try {
      while (this.#parts && !(await this.#parts.next()).done);
    } catch {
      // The client has left.
    }
  }

  #stream(): ReadableStream<Uint8Array> {
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
      this.#parts ??= this.#incoming[Symbol.asyncIterator]();
      const { done, value } = await this.#parts.next();
      if (done) controller.close();
      else
        controller.enqueue(
          typeof value === "string" ? new TextEncoder().encode(value) : (value as Uint8Array),
        );
    };
    // Nothing is read before the proxy asks for it.
    return new ReadableStream({ pull }, { highWaterMark: 0 });
  }
}

function failingStream(message: string): ReadableStream<Uint8Array> {
  return new ReadableStream(
    { pull: (controller) => controller.error(new Error(message)) },
    { highWaterMark: 0 },
  );
}

function plainHeaders(headers: Headers): Record<string, string | string[]> {
  const plain: Record<string, string | string[]> = {};
  headers.forEach((value, name) => {
    if (CONNECTION_HEADERS.has(name)) return;
    // The only header that comes several times: `authorize` may set cookies in its own response.
    if (name === "set-cookie") plain[name] = [plain[name] ?? [], value].flat();
    else plain[name] = value;
  });
  return plain;
}

function sendError(outgoing: NodeResponse, status: number, detail: string): void {
  outgoing.writeHead(status, { "content-type": "application/json" });
  outgoing.end(JSON.stringify({ detail }));
}
