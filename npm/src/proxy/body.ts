import { HttpError } from "./http-error.js";

/**
 * Reads the body of a request. Throws an {@link HttpError} if it is longer than `maxBytes`, whatever its `Content-Length`,
 * or takes longer than `timeout` milliseconds.
 *
 * @internal
 */
export async function readBody(
  request: Request,
  maxBytes: number,
  timeout: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(request.headers.get("content-length")) > maxBytes) throw bodyTooLarge();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timedOut = new Promise<never>((_, reject) => {
    const error = new HttpError(408, "The body took too long: nothing was sent");
    timer = setTimeout(() => reject(error), timeout);
  });
  try {
    const { bytes, rest } = await Promise.race([collect(request.body, maxBytes), timedOut]);
    // Do not cancel the rest: Node would close the connection before the response is sent.
    if (rest) throw bodyTooLarge();
    return bytes;
  } finally {
    clearTimeout(timer);
  }
}

/** @internal */
export function checkMediaType({ headers }: Request): void {
  const essence = headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (essence !== "application/json") throw new HttpError(415, "The body must be application/json");
}

/**
 * The beginning of a body, and a reader of the rest if there is more.
 * @internal
 */
export interface PartialBody {
  bytes: Uint8Array<ArrayBuffer>;
  rest: ReadableStreamDefaultReader<Uint8Array> | undefined;
}

/**
 * Reads a body until it ends or exceeds `maxBytes`.
 * @internal
 */
export async function collect(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<PartialBody> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    parts.push(part.value);
    length += part.value.byteLength;
    if (length > maxBytes) return { bytes: joined(parts, length), rest: reader };
  }
  return { bytes: joined(parts, length), rest: undefined };
}

/**
 * Joins the parts of a partially read body.
 * @internal
 */
export function joinBody({ bytes, rest }: PartialBody): BodyInit {
  if (!rest) return bytes;
  return new ReadableStream({
    start: (controller) => controller.enqueue(bytes),
    async pull(controller) {
      const { value } = await rest.read();
      if (value) controller.enqueue(value);
      else controller.close();
    },
    cancel: (reason) => rest.cancel(reason),
  });
}

/**
 * Callbacks for a body that is passed through.
 * @internal
 */
export interface BodyListener {
  /** Called with the whole body if it has at most `maxBytes` bytes. The stream closes after it resolves. */
  onEnd?: ((bytes: Uint8Array<ArrayBuffer>) => Promise<void>) | undefined;
  /** Called if reading the body fails. */
  onBreak: (error: unknown) => void;
  maxBytes: number;
}

/**
 * Passes a body through and notifies a listener.
 * @internal
 */
export function tapBody(
  body: ReadableStream<Uint8Array>,
  { onEnd, onBreak, maxBytes }: BodyListener,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { value } = await reader.read();
          if (value) {
            length += value.byteLength;
            if (onEnd && length <= maxBytes) parts.push(value);
            return controller.enqueue(value);
          }
        } catch (error) {
          onBreak(error);
          throw error;
        }
        if (length <= maxBytes) await onEnd?.(joined(parts, length));
        controller.close();
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

function joined(parts: Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.byteLength;
  }
  return whole;
}

function bodyTooLarge(): HttpError {
  return new HttpError(413, "The body is too large");
}
