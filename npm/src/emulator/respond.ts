import type { Reply } from "./core.js";

/** Converts a reply to the result of `fetch`, with its delay and fault. */
export async function respond(reply: Reply, signal: AbortSignal | undefined): Promise<Response> {
  const { fault } = reply;
  await pause(fault?.kind === "stallHeaders" ? Number.POSITIVE_INFINITY : reply.delayMs, signal);
  if (fault?.kind === "drop") throw new TypeError("Failed to fetch");
  const hasBody = reply.status !== 204 && reply.status !== 304;
  const isInterrupted = fault?.kind === "dropBody" || fault?.kind === "stallBody";
  const body = isInterrupted
    ? interruptedBody(reply.body, fault.sent ?? 0, fault.kind === "dropBody", signal)
    : reply.body;
  return new Response(hasBody ? body : null, { status: reply.status, headers: reply.headers });
}

/** Returns a body that fails or stalls after `sent` bytes. */
function interruptedBody(
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
