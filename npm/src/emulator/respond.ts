/** What the emulator's state machine answers: a response, and what goes wrong on its way. */
export interface Reply {
  status: number;
  headers: Array<[string, string]>;
  body: string;
  /** How long the answer takes, in milliseconds. */
  delayMs: number;
  fault: { kind: "drop" | "dropBody" | "stallBody" | "stallHeaders"; sent?: number } | null;
}

/** Turns a reply into what a real `fetch` would give, in time and in failure. */
export async function respond(reply: Reply, signal: AbortSignal | undefined): Promise<Response> {
  const { fault } = reply;
  await pause(fault?.kind === "stallHeaders" ? Number.POSITIVE_INFINITY : reply.delayMs, signal);
  if (fault?.kind === "drop") throw new TypeError("Failed to fetch");
  const hasBody = reply.status !== 204 && reply.status !== 304;
  const isBroken = fault?.kind === "dropBody" || fault?.kind === "stallBody";
  const body = isBroken ? broken(reply.body, fault.sent ?? 0, fault.kind === "dropBody", signal) : reply.body;
  return new Response(hasBody ? body : null, { status: reply.status, headers: reply.headers });
}

/** A body that ends too early, with an error or not at all. */
function broken(
  text: string,
  sent: number,
  isDropped: boolean,
  signal: AbortSignal | undefined,
): ReadableStream {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text).slice(0, sent));
      if (isDropped) controller.error(new TypeError("network error"));
      else signal?.addEventListener("abort", () => controller.error(signal.reason), { once: true });
    },
  });
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const isTimed = milliseconds > 0 && Number.isFinite(milliseconds);
    const timer = isTimed ? setTimeout(finish, milliseconds) : undefined;
    function finish() {
      signal?.removeEventListener("abort", stop);
      resolve();
    }
    function stop() {
      clearTimeout(timer);
      reject(signal?.reason);
    }
    if (milliseconds <= 0) resolve();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}
