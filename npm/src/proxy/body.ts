import { Refusal } from "./refusal.js";

/**
 * The body of a request, unless it is longer than it may be, whatever length it claims to have, or takes too long.
 *
 * @param timeout - In milliseconds.
 * @internal
 */
export async function readBody(
  request: Request,
  most: number,
  timeout: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(request.headers.get("content-length")) > most) throw tooLarge();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const refusal = new Refusal(408, "The body took too long: nothing was sent");
    timer = setTimeout(() => reject(refusal), timeout);
  });
  try {
    const { bytes, rest } = await Promise.race([collect(request.body, most), late]);
    // The rest is not cancelled: in Node that closes the connection before the response is out.
    if (rest) throw tooLarge();
    return bytes;
  } finally {
    clearTimeout(timer);
  }
}

/** @internal */
export function checkMediaType({ headers }: Request): void {
  const essence = headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (essence !== "application/json") throw new Refusal(415, "The body must be application/json");
}

/**
 * The beginning of a body and, if that is not all of it, its rest.
 * @internal
 */
export interface Collected {
  bytes: Uint8Array<ArrayBuffer>;
  rest: ReadableStreamDefaultReader<Uint8Array> | undefined;
}

/**
 * Reads a body until it has ended or is longer than `most`.
 * @internal
 */
export async function collect(body: ReadableStream<Uint8Array> | null, most: number): Promise<Collected> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    parts.push(part.value);
    length += part.value.byteLength;
    if (length > most) return { bytes: joined(parts, length), rest: reader };
  }
  return { bytes: joined(parts, length), rest: undefined };
}

/**
 * The whole body of what was read in part.
 * @internal
 */
export function restored({ bytes, rest }: Collected): BodyInit {
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
 * What is to be known of a body that is passed on.
 * @internal
 */
export interface BodyListener {
  /** Gets the whole of a body of at most `most` bytes. Its end is passed on after that. */
  onEnd?: ((bytes: Uint8Array<ArrayBuffer>) => Promise<void>) | undefined;
  /** The body has broken off. */
  onBreak: (error: unknown) => void;
  most: number;
}

/**
 * The same body, listened to.
 * @internal
 */
export function overheard(
  body: ReadableStream<Uint8Array>,
  { onEnd, onBreak, most }: BodyListener,
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
            if (onEnd && length <= most) parts.push(value);
            return controller.enqueue(value);
          }
        } catch (error) {
          onBreak(error);
          throw error;
        }
        if (length <= most) await onEnd?.(joined(parts, length));
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

function tooLarge(): Refusal {
  return new Refusal(413, "The body is too large");
}
