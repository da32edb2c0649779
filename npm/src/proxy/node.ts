// Adapts a handler of web requests to servers based on node:http.

/** Request of `node:http` or Express. */
export interface NodeRequest {
  /** HTTP method. */
  method?: string | undefined;
  /** Path and query. */
  url?: string | undefined;
  /** Path and query including the path that an Express router is mounted at. */
  originalUrl?: string | undefined;
  /** Headers, with names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  /** The parsed body, if a body parser has read it. */
  body?: unknown;
  /** Whether the body has been read. */
  readableDidRead?: boolean | undefined;
  /** Reads the body. */
  [Symbol.asyncIterator](): AsyncIterator<unknown>;
}

/** Response of `node:http` or Express. */
export interface NodeResponse {
  /** Whether the status and headers have been sent. */
  readonly headersSent: boolean;
  /** Whether the connection is closed. */
  readonly destroyed: boolean;
  /** Sends the status and headers. */
  writeHead(status: number, headers: Record<string, string | string[]>): unknown;
  /** Sends a part of the body. Returns false if the caller should wait for `drain`. */
  write(part: Uint8Array): boolean;
  /** Ends the response. */
  end(text?: string): unknown;
  /** Closes the connection. */
  destroy(): unknown;
  /** Adds a listener. */
  on(event: "close" | "drain" | "error", listener: () => void): unknown;
}

/** Request of Fastify. */
export interface FastifyLikeRequest {
  /** The underlying `node:http` request. */
  raw: NodeRequest;
  /** The parsed body, if a content type parser has read it. */
  body?: unknown;
}

/** Reply of Fastify. */
export interface FastifyLikeReply {
  /** The underlying `node:http` response. */
  raw: NodeResponse;
  /** Tells Fastify that the handler sends the response itself. */
  hijack(): unknown;
}

/** Handles a request of Express, Fastify or `node:http`. The promise never rejects. */
export type NodeHandler = (
  request: NodeRequest | FastifyLikeRequest,
  response: NodeResponse | FastifyLikeReply,
) => Promise<void>;

/** Hop-by-hop headers, and `Content-Length`, which Node sets itself. */
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
 * Converts a proxy to a handler for Express 4 and 5, Fastify and `node:http`. Works before or after a body parser: a parsed
 * body is serialized again. When the client disconnects, the request to the cloud is aborted.
 *
 * The host of the `Request` is always `localhost`, because clients can send any `Host`.
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
  const disconnected = new AbortController();
  let resume = () => {};
  outgoing.on("drain", () => resume());
  outgoing.on("close", () => {
    disconnected.abort();
    resume();
  });
  // Without a listener, writing to a closed connection would terminate the process.
  outgoing.on("error", () => {});
  if (outgoing.destroyed) return;
  const request = requestOf(incoming, upload, disconnected.signal);
  if (!request) return sendError(outgoing, 400, "Bad Request");
  const { status, headers, body } = await proxy(request);
  if (disconnected.signal.aborted) return void (await body?.cancel());
  outgoing.writeHead(status, plainHeaders(headers));
  const reader = body?.getReader();
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    const isFull = !outgoing.write(part.value);
    if (isFull && !disconnected.signal.aborted)
      await new Promise<void>((resolve) => {
        resume = resolve;
      });
    if (disconnected.signal.aborted) return reader?.cancel();
  }
  outgoing.end();
}

/** Converts a request of `node:http`; undefined if the web's `Request` does not support it (`TRACE`). */
function requestOf(incoming: NodeRequest, upload: Upload, signal: AbortSignal): Request | undefined {
  const { method = "GET", originalUrl, url = "/" } = incoming;
  const target = originalUrl ?? url;
  if (!target.startsWith("/")) return undefined;
  try {
    const headers = new Headers();
    for (const [name, value] of Object.entries(incoming.headers)) {
      // Skip HTTP/2 pseudo-headers.
      if (name.startsWith(":")) continue;
      for (const one of [value ?? []].flat()) headers.append(name, one);
    }
    const body = method === "GET" || method === "HEAD" ? null : upload.body();
    // Node requires `duplex` for streams; the web's types lack it.
    const init: RequestInit & { duplex: "half" } = { method, headers, body, duplex: "half", signal };
    return new Request(`http://localhost${target}`, init);
  } catch {
    return undefined;
  }
}

/** The body of a request, read on demand. */
class Upload {
  readonly #incoming: NodeRequest;
  readonly #parsed: unknown;
  #parts: AsyncIterator<unknown> | undefined;

  /** @param parsed - The result of a body parser, if any. */
  constructor(incoming: NodeRequest, parsed: unknown) {
    this.#incoming = incoming;
    this.#parsed = parsed;
  }

  body(): BodyInit {
    // Some parsers set `body` to an empty object and leave the body unread.
    const wasRead = this.#incoming.readableDidRead ?? this.#parsed !== undefined;
    if (!wasRead) return this.#stream();
    if (this.#parsed === undefined)
      return failingStream("the body was already read, and request.body is not set");
    if (typeof this.#parsed === "string" || this.#parsed instanceof Uint8Array)
      return this.#parsed as string | Uint8Array<ArrayBuffer>;
    return JSON.stringify(this.#parsed);
  }

  /** Drains a partially read body, so that the connection can be reused. */
  async discard(): Promise<void> {
    try {
      while (this.#parts && !(await this.#parts.next()).done);
    } catch {
      // The client disconnected.
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
    // Read nothing before the proxy pulls.
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
    // The only header that must not be joined. `authorize` may set cookies in its response.
    if (name === "set-cookie") plain[name] = [plain[name] ?? [], value].flat();
    else plain[name] = value;
  });
  return plain;
}

function sendError(outgoing: NodeResponse, status: number, detail: string): void {
  outgoing.writeHead(status, { "content-type": "application/json" });
  outgoing.end(JSON.stringify({ detail }));
}
